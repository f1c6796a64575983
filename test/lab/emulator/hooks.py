"""MiniStack with what a lab of sleeping EKS clusters needs besides.

Runs as the emulator's main program. Each module of `lab_hooks` replaces functions of one MiniStack service and
names the version it was written for; `control` adds the routes by which the lab scripts what AWS would do.
"""

from lab_hooks import autoscaling, batches, control, eks, functions, instances, maps, roles, schedules, token_review

for hooks in (instances, autoscaling, eks, roles, token_review, functions, batches, maps, schedules, control):
    hooks.install()

if __name__ == "__main__":
    from ministack.app import main

    main()
