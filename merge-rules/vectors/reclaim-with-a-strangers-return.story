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
