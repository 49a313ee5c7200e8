A give that begins where another ends takes its place.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
rival claims pad 3-4 as late
region gives late: pad 3-4 of right as again
may late at 3:30
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
late/0: firm [LEASE-5]: late is given through a proven chain from the charter; covered to 4
again: firm [LEASE-5]: again is given through a proven chain from the charter
pad is taken 1-3 by grant/0
pad is taken 3-4 by again/0
may late at 3:30? go until 3:59:58, on news of 3:28:02 before
