A revocation that ends before the enrolment acts on nothing, and ends no claim for whoever cites it.
---
rival claims track 1-3 class 3 as first
safety revokes rival until 5 as cut
node claims track 1-3 class 1 over first by cut as second
---
first/0: provisional [OPEN-1]: first contends for an open resource, and no known claim goes first
second/0: unknown [OPEN-6]: second rests on revocation cut, which is not here or does not cut there
track is taken 1-3 by first/0
track is taken 1-3 by second/0
