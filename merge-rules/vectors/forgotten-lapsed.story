What was never released is told when it is forgotten; the charter's place stays.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
forget to 9
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
all is told at day 9
exception: claim job is over and was never released
