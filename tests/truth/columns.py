"""The columns of a job by type, as the BigPanDA JSON API names them. Written down once more, on purpose: what
the program believes about them is what is tested."""

INTEGERS = frozenset(
    """
    pandaid jobdefinitionid assignedpriority currentpriority attemptnr maxattempt maxcpucount maxdiskcount
    minramcount piloterrorcode exeerrorcode superrorcode ddmerrorcode brokerageerrorcode
    jobdispatchererrorcode taskbuffererrorcode nevents taskid relocationflag jobexecutionid ninputfiles
    parentid jobsetid corecount ninputdatafiles inputfilebytes noutputdatafiles outputfilebytes
    workqueue_id jeditaskid actualcorecount reqid hs06 maxrss maxvmem maxswap maxpss avgrss avgvmem
    avgswap avgpss maxwalltime failedattempt totrchar totwchar totrbytes totwbytes raterchar ratewchar
    raterbytes ratewbytes diskio memoryleak memoryleakx2 hs06sec meancorecount gco2_regional gco2_global
    """.split()
)
FLOATS = frozenset({"cpuconsumptiontime"})
TEXTS = frozenset(
    """
    schedulerid pilotid creationhost modificationhost atlasrelease transformation homepackage
    prodserieslabel prodsourcelabel produserid gshare jobstatus jobname maxcpuunit maxdiskunit
    ipconnectivity minramunit cpuconsumptionunit commandtopilot transexitcode piloterrordiag exeerrordiag
    superrordiag ddmerrordiag brokerageerrordiag jobdispatchererrordiag taskbuffererrordiag computingsite
    computingelement proddblock dispatchdblock destinationdblock destinationse grid cloud sourcesite
    destinationsite transfertype cmtconfig lockedby vo pilottiming workinggroup processingtype
    produsername countrygroup batchid specialhandling inputfiletype inputfileproject outputfiletype
    jobmetrics nucleus jobsubstatus resourcetype container_name job_label cpu_architecture_level
    """.split()
)
TIMES = frozenset("creationtime modificationtime starttime endtime statechangetime proddbupdatetime".split())
DECIMALS = frozenset({"cpuconversion"})
ALL = INTEGERS | FLOATS | TEXTS | TIMES | DECIMALS | {"eventservice"}

NUMBERS = INTEGERS | FLOATS | {"eventservice"}
RENAMED = {"resource_type": "resourcetype", "memory_leak": "memoryleak", "memory_leak_x2": "memoryleakx2"}
"""Columns of the tables that go by another name in answers."""
