What a breaker parts is in the way all the same [BREAK-2], [LAW-5]: the place is taken, and nobody else gets it.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a as trip
rival claims pad 2-4 as other
region gives other: pad 2-4 of right as late
free pad 1-3 at 0
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until the end by trip [BREAK-2]
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
other/0: overdrawn [ORDER-2]: late is more than right right had left when it was given
late: overdrawn [ORDER-2]: late is more than right right had left when it was given
pad is taken 1-3 by grant/0
is pad free 1-3? no, grant
exception: other rests on what is overdrawn [ORDER-2]: late is more than right right had left when it was given
exception: overdrawn [ORDER-2]: late is more than right right had left when it was given
