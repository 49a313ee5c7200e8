The second give of one window is overdrawn: the order of the giving log decides.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
rival claims pad 2-4 as late
region gives late: pad 2-4 of right as again
may late at 3
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
late/0: overdrawn [ORDER-2]: again is more than right right had left when it was given
again: overdrawn [ORDER-2]: again is more than right right had left when it was given
pad is taken 1-3 by grant/0
may late at 3? hold, overdrawn [ORDER-2]: again is more than right right had left when it was given
exception: late rests on what is overdrawn [ORDER-2]: again is more than right right had left when it was given
exception: overdrawn [ORDER-2]: again is more than right right had left when it was given
