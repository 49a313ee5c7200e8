Boxes that share a cell collide, and the later give is overdrawn.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 cells 0-3 as left
rival claims pad 1-3 cells 2-4 as right-hand
region gives left: pad 1-3 cells 0-3 of right
region gives right-hand: pad 1-3 cells 2-4 of right
may left at 2
may right-hand at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
left/0: firm [LEASE-5]: left is given through a proven chain from the charter; covered to 3
right-hand/0: overdrawn [ORDER-2]: region:2 is more than right right had left when it was given
pad is taken 1-3 by region:1/0
may left at 2? go until 2:59:58, on news of 1:58:02 before
may right-hand at 2? hold, overdrawn [ORDER-2]: region:2 is more than right right had left when it was given
exception: right-hand rests on what is overdrawn [ORDER-2]: region:2 is more than right right had left when it was given
exception: overdrawn [ORDER-2]: region:2 is more than right right had left when it was given
