A part that is shorter than the claim can use is no lease, and what comes after it makes it one.
---
root gives region: pad 0-12 of first as right
node claims pad 1-4 least 2 as job
region gives job: pad 1-2 of right as grant
rival claims pad 5-8 least 2 as other
region gives other: pad 5-6 of right as half
region gives other: pad 6-7 of right for 0 as rest
may job at 1:30
may other at 6:30
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: asked [LEASE-3]: job is not given whole
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
other/0: firm [LEASE-5]: other is given through a proven chain from the charter; covered to 7
half: firm [LEASE-5]: half is given through a proven chain from the charter
rest: firm [LEASE-5]: rest is given through a proven chain from the charter
pad is taken 1-2 by grant/0
pad is taken 5-6 by half/0
pad is taken 6-7 by rest/0
may job at 1:30? hold, asked [LEASE-3]: job is not given whole
may other at 6:30? go until 6:59:58, on news of 6:28:02 before
