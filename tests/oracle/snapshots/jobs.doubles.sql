/* jobs.doubles */ SELECT one.pandaid
FROM "OWNER_PANDA"."JOBSDEFINED4" one JOIN "OWNER_PANDA"."JOBSACTIVE4" two ON two.pandaid = one.pandaid
UNION ALL SELECT one.pandaid
FROM "OWNER_PANDA"."JOBSDEFINED4" one JOIN "OWNER_PANDA"."JOBSARCHIVED4" two ON two.pandaid = one.pandaid
UNION ALL SELECT one.pandaid
FROM "OWNER_PANDA"."JOBSACTIVE4" one JOIN "OWNER_PANDA"."JOBSARCHIVED4" two ON two.pandaid = one.pandaid
