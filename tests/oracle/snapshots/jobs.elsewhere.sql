/* jobs.elsewhere */ SELECT pandaid
FROM "OWNER_PANDA"."JOBSDEFINED4"
WHERE pandaid IN (:arg0, :arg1, :arg2, :arg3, :arg4, :arg5, :arg6, :arg7, :arg8, :arg9)
UNION ALL SELECT pandaid
FROM "OWNER_PANDA"."JOBSACTIVE4"
WHERE pandaid IN (:arg10)
UNION ALL SELECT pandaid
FROM "OWNER_PANDA"."JOBSARCHIVED4"
WHERE pandaid IN (:arg11)
