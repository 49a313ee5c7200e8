A notice of the future that names another side suspends what lies on both.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region claims pad 4-6 of right as own
region gives job: pad 1-3 of right as grant
region restricts a/b kind 71 across a as stop
region restricts a/b kind 72 across c as none
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until the end by stop [RESTRICT-2]
own/0: firm [LEASE-5]: own is given through a proven chain from the charter; covered to 6
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
pad is taken 4-6 by own/0
may job at 2? hold, suspended until the end by stop [RESTRICT-2]
