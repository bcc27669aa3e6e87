"""The columns of a job by type, under the names programs know them by."""

INTEGERS = tuple(
    """pandaid jobdefinitionid assignedpriority currentpriority attemptnr maxattempt maxcpucount
    maxdiskcount minramcount piloterrorcode exeerrorcode superrorcode ddmerrorcode
    brokerageerrorcode jobdispatchererrorcode taskbuffererrorcode nevents taskid relocationflag
    jobexecutionid ninputfiles parentid jobsetid corecount ninputdatafiles inputfilebytes
    noutputdatafiles outputfilebytes workqueue_id jeditaskid actualcorecount reqid hs06 maxrss
    maxvmem maxswap maxpss avgrss avgvmem avgswap avgpss maxwalltime failedattempt totrchar totwchar
    totrbytes totwbytes raterchar ratewchar raterbytes ratewbytes diskio memoryleak memoryleakx2
    hs06sec meancorecount gco2_regional gco2_global""".split()
)
FRACTIONS = ("memoryleakx2", "meancorecount", "gco2_regional", "gco2_global")
"""Those of them that need not be whole."""
FLOATS = ("cpuconsumptiontime",)
DECIMALS = ("cpuconversion",)
CODES = ("eventservice",)
TEXTS = tuple(
    """schedulerid pilotid creationhost modificationhost atlasrelease transformation homepackage
    prodserieslabel prodsourcelabel produserid gshare jobstatus jobname maxcpuunit maxdiskunit
    ipconnectivity minramunit cpuconsumptionunit commandtopilot transexitcode piloterrordiag
    exeerrordiag superrordiag ddmerrordiag brokerageerrordiag jobdispatchererrordiag
    taskbuffererrordiag computingsite computingelement proddblock dispatchdblock destinationdblock
    destinationse grid cloud sourcesite destinationsite transfertype cmtconfig lockedby vo
    pilottiming workinggroup processingtype produsername countrygroup batchid specialhandling
    inputfiletype inputfileproject outputfiletype jobmetrics nucleus jobsubstatus resourcetype
    container_name job_label cpu_architecture_level""".split()
)
TIMES = tuple("creationtime modificationtime starttime endtime statechangetime proddbupdatetime".split())
ALL = (*INTEGERS, *FLOATS, *DECIMALS, *CODES, *TEXTS, *TIMES)

PERSONAL = ("produserid",)
"""Certificate subjects: never shown to anonymous callers."""
