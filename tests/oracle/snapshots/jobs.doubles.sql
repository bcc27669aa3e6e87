/* jobs.doubles */ SELECT jobsdefined4.pandaid
FROM "OWNER_PANDA"."JOBSDEFINED4" jobsdefined4 JOIN "OWNER_PANDA"."JOBSACTIVE4" jobsactive4 ON jobsactive4.pandaid = jobsdefined4.pandaid
UNION ALL SELECT jobsdefined4.pandaid
FROM "OWNER_PANDA"."JOBSDEFINED4" jobsdefined4 JOIN "OWNER_PANDA"."JOBSARCHIVED4" jobsarchived4 ON jobsarchived4.pandaid = jobsdefined4.pandaid
UNION ALL SELECT jobsactive4.pandaid
FROM "OWNER_PANDA"."JOBSACTIVE4" jobsactive4 JOIN "OWNER_PANDA"."JOBSARCHIVED4" jobsarchived4 ON jobsarchived4.pandaid = jobsactive4.pandaid
