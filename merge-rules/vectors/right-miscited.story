Who cites a right in another slot than it stands in is refused it.
---
root gives region: pad 0-12 of first as right
region gives node: pad 1-3 amiss right as wrong
region gives node: pad 1-3 of right as sound
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
wrong: void [RULE-5]: wrong is void: what it cites stands elsewhere or has another until
sound: overdrawn [ORDER-2]: sound is more than right right had left when it was given
exception: void [RULE-5]: wrong is void: what it cites stands elsewhere or has another until
exception: overdrawn [ORDER-2]: sound is more than right right had left when it was given
