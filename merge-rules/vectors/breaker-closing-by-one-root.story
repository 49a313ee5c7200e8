What a root writes counts by threshold, a closing as well: one root alone closes nothing [BREAK-1], [GRANT-3].
---
roots 3
root-1 endorses region
root gives region: pad 0-12 of first as right
root-1 endorses right
region claims pad 1-3 of right as job
root trips a from federation as one
root-1 trips a from federation as two
root-safety closes one as end
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until the end by one [BREAK-2]
end: unknown [GRANT-3]: end rests on 2 roots, of which 1 stand behind it
pad is taken 1-3 by job/0
may job at 2? hold, suspended until the end by one [BREAK-2]
