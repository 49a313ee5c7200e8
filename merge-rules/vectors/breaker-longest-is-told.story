Of several trips between two scopes the one that lasts longest is told, and each pair of scopes by itself
[SUSP-3].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a until 10 as short
region trips a/b from a until 20 as long
root trips a from federation until 15 as upper
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until day 20 by long [BREAK-2]; suspended until day 15 by upper [BREAK-2]
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
may job at 2? hold, suspended until day 20 by long [BREAK-2]
