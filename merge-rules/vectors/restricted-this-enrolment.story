It suspends what stands under the enrolment that it names, and what it cannot decide beside that fits.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region restricts a/b kind 70 under node fact 3 as stop
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until the end by stop [RESTRICT-2]
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
may job at 2? hold, suspended until the end by stop [RESTRICT-2]
