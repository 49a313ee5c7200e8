A return of a right by another log than its holder proves nothing to its giver.
---
root gives region: pad 0-12 of first as right
region gives node: pad 0-6 of right as lent
rival returns lent as false
region reclaims lent by false as back
rival claims pad 1-3 as other
region gives other: pad 1-3 of right as again
may other at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
lent: firm [LEASE-5]: lent is given through a proven chain from the charter
false: void [LEASE-6]: false is void: what it gives back or reclaims is not its log's to give back
back: firm [RULE-2]: back is said by one who is granted to say it
other/0: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release; covered to 3
again: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
pad is taken 1-3 by again/0
may other at 2? at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
exception: void [LEASE-6]: false is void: what it gives back or reclaims is not its log's to give back
exception: other rests on what is at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
exception: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
