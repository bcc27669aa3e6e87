/* resourcetypes.total */ SELECT COUNT(*) AS "__COUNT"
FROM "OWNER_PANDA"."RESOURCE_TYPES"
