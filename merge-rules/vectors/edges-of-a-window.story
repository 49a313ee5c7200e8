A clock that may be a second off: no sooner and no later than the lease surely is on, and for its own host alone.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
may job at 0
may job at 1
may job at 1:01
may job at 2:59
may job at 3
may job at 3:01
may job at 4
may job by rival at 2
may grant at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
may job at 0? hold, Ahead
may job at 1? hold, Opening
may job at 1:01? go until 2:59:58, on news of 0:59:02 before
may job at 2:59? go until 2:59:58, on news of 2:57:02 before
may job at 3? hold, Closing
may job at 3:01? hold, Settling
may job at 4? hold, Over
may job by rival at 2? hold, [ACT-1]: log node is not one that this ledger writes with proof of continuity; ask anew for what it held
may grant at 2? hold, [ACT-1]: there is no such claim or alternative here
