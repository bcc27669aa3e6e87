"""The columns of tasks, their datasets and files, and the keys of progress, as the contract lists them."""

INTEGERS = """
    jeditaskid reqid corecount taskpriority currentpriority walltime outdiskcount workdiskcount
    ramcount iointensity workqueue_id progress failurerate parent_tid cputime basewalltime
    cpuefficiency diskio attemptnr memoryleakcore memoryleakx2
""".split()
TEXTS = """
    taskname status username oldstatus cloud site prodsourcelabel workinggroup vo tasktype
    processingtype architecture transuses transhome transpath lockedby termcondition splitrule
    walltimeunit outdiskunit workdiskunit ramunit iointensityunit errordialog countrygroup ticketid
    ticketsystemtype superstatus campaign gshare cputimeunit nucleus requesttype resourcetype
    usejumbo diskiounit container_name framework
""".split()
TIMES = """
    creationdate starttime endtime frozentime lockedtime statechangetime ttcrequested ttcpredicted
    ttcpredictiondate resquetime modificationtime
""".split()
DSINFO = """
    nfiles nfilesfinished nfilesfailed nfilesmissing pctfinished pctfailed neventsTot neventsUsedTot
    neventsRemaining neventsOutput
""".split()
DATASET = """
    jeditaskid datasetid masterid provenanceid nfiles nfilestobeused nfilesused nevents
    neventstobeused neventsused nfilesfinished nfilesfailed nfilesonhold templateid nfileswaiting
    nfilesmissing datasetname type vo cloud site containername status state lockedby attributes
    streamname storagetoken destination creationtime modificationtime statechecktime
    statecheckexpiration frozentime lockedtime
""".split()
FILE = """
    jeditaskid datasetid fileid creationdate lastattempttime lfn guid type status fsize checksum scope
    attemptnr maxattempt nevents keeptrack startevent endevent firstevent boundaryid pandaid jobsetid
    maxfailure failedattempt lumiblocknr procstatus ramcount
""".split()
