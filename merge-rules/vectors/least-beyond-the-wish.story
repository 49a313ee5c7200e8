Whoever can use nothing shorter than more than it asks for waits until it is extended.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 least 3 as job
region gives job: pad 1-3 of right as grant
rival claims pad 5-7 least 3 as other
region gives other: pad 5-8 of right as more
may job at 2
may other at 7:30
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: asked [LEASE-3]: job is not given whole
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
other/0: firm [LEASE-5]: other is given through a proven chain from the charter; covered to 8
more: firm [LEASE-5]: more is given through a proven chain from the charter
pad is taken 1-3 by grant/0
pad is taken 5-8 by more/0
may job at 2? hold, asked [LEASE-3]: job is not given whole
may other at 7:30? go until 7:59:58, on news of 7:28:02 before
