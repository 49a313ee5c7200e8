A claim whose body is broken is void, and what its frame says still takes the node's right.
---
root gives region: pad 0-12 of first as right
region gives node: pad 1-5 of right as own
node broken pad 1-3 of own as torn
node claims pad 1-3 of own as late
node claims pad 3-5 of own as after
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
own: firm [LEASE-5]: own is given through a proven chain from the charter
torn: void [KIND-2]: torn is void: its body cannot be read
late/0: overdrawn [ORDER-2]: late is more than right own had left when it was given
after/0: at risk [ORDER-5]: after follows a record of log node that this version cannot read; update this node if a newer one wrote it; covered to 5
pad is taken 1-3 by torn/0
pad is taken 3-5 by after/0
exception: void [KIND-2]: torn is void: its body cannot be read
exception: overdrawn [ORDER-2]: late is more than right own had left when it was given
exception: at risk [ORDER-5]: after follows a record of log node that this version cannot read; update this node if a newer one wrote it
