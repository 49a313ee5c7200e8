A right that was returned whole and is reclaimed by that proof may be given anew.
---
root gives region: pad 0-12 of first as right
region gives node: pad 2-6 of right as lower
node returns lower as back
region reclaims lower by back
rival claims pad 2-6 as late
region gives late: pad 2-6 of right as again
may late at 4
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
lower: firm [LEASE-5]: lower is given through a proven chain from the charter
back: firm [RULE-2]: back is said by one who is granted to say it
late/0: firm [LEASE-5]: late is given through a proven chain from the charter; covered to 6
again: firm [LEASE-5]: again is given through a proven chain from the charter
pad is taken 2-6 by again/0
may late at 4? go until 5:59:58, on news of 3:58:02 before
