A right that is reclaimed before its return is known proves nothing.
---
root gives region: pad 0-12 of first as right
region gives node: pad 2-6 of right as lower
region reclaims lower
rival claims pad 2-6 as late
region gives late: pad 2-6 of right as again
may late at 4
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
lower: firm [LEASE-5]: lower is given through a proven chain from the charter
late/0: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release; covered to 6
again: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
pad is taken 2-6 by again/0
may late at 4? at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
exception: late rests on what is at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
exception: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
