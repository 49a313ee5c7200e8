The parts of a joint lease must have the least that is of use in common.
---
root gives region: pad 0-12 of first as right
root gives region: power 0-12 x9 of first as current
node claims pad 1-4 ; power 1-4 x2 least 2 as job
region gives job: pad 1-3 of right ; power 1-4 x2 of current as grant
rival claims pad 4-7 ; power 5-8 x2 least 2 as other
region gives other: pad 4-6 of right ; power 5-8 x2 of current as apart
may job at 2
may job at 3
may other at 5:30
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
current: firm [LEASE-5]: current is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; covered to 4
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
other/0: asked [LEASE-3]: other is not given whole
apart: firm [LEASE-5]: apart is given through a proven chain from the charter
apart: firm [LEASE-5]: apart is given through a proven chain from the charter
pad is taken 1-3 by grant/0
pad is taken 4-6 by apart/0
power is taken 1-4 by grant/1
power is taken 5-8 by apart/1
may job at 2? go until 2:59:58, on news of 1:57:02 before
may job at 3? hold, Closing
may other at 5:30? hold, asked [LEASE-3]: other is not given whole
