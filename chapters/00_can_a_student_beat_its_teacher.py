# ---
# jupyter:
#   jupytext:
#     formats: py:percent,ipynb
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["question"]
# # Can a student beat its teacher?
#
# A small model answers questions. Some of its answers are wrong. A larger model learns from those answers
# **and from nothing else**: nobody ever shows it a right one.
#
# Can the larger model end up *more* right than the one that taught it?
#
# | | |
# | --- | --- |
# | **What you need** | this page and some curiosity; no mathematics and no programming |
# | **How long it takes** | 15 minutes |
#
# Run the cells from top to bottom (Shift + Enter). When a card asks you for a guess, give one, even if you are
# not sure. A guess that turns out wrong is the best way to remember why. (The code behind a card is folded, since it
# knows the answer. Three dots show where it is.)
#
# With the keyboard alone: Ctrl + Enter runs a cell and stays on it, Tab goes into what it shows, Escape leads out
# again, and Shift + Enter goes on. Enter opens a cell to write in it, or a folded answer. (The arrow keys jump over
# folded cells.)

# %%
import w2s_widgets as w2s
from w2s_widgets import lessons

# %% [markdown]
# ## Three characters
#
# * The **truth**: the right answer to every question.
# * The **teacher**: the small model. Also called the *weak* model. It gives an answer to every question, and is
#   off by some **error**.
# * The **student**: the large model. Also called the *strong* model. It is trained to repeat the teacher's
#   answers as well as it can.
#
# We measure how far apart two of them are in the simplest way: take the difference of their two answers to
# each question, square it, and take the mean over all questions. This number is the **squared distance** of the two.
# *Teacher's error* is the squared distance between teacher and truth. *Student's error* is the squared distance
# between student and truth.
#
# In this chapter the three live in a small made-up world, in which everything can be worked out exactly.
# (Chapter 02 repeats it with real models and real people.) Here is our first teacher.

# %%
world = w2s.LinearWorld(weak_quality=0.4, strong_capacity=16, misfit_share=0.5)
outcome = world.outcome()
print(f"teacher's error: {outcome.err_weak:.2f}")
print("error of always giving the same average answer: 1.00")

# %% [markdown] tags=["predict"]
# ## Your guess, before you see anything
#
# The student has never seen a right answer. It knows the teacher's labels, and it tries to repeat them. What
# do you expect?

# %% jupyter={"source_hidden": true}
lessons.predict(
    "The student is trained on the teacher's answers alone. Compared with the teacher's error, its own error is …",
    options=[
        "larger: it adds mistakes of its own",
        "the same: it learns what it is shown",
        "smaller: it beats its teacher",
    ],
    truth="smaller: it beats its teacher" if outcome.gain > 0 else "larger: it adds mistakes of its own",
    because=f"Its error is {outcome.err_student:.2f}, and its teacher's is {outcome.err_weak:.2f}.",
    name="who is better",
)

# %% [markdown]
# Give your guess before you read on; the card then says what happened.
#
# Whatever the student became, it became it from the teacher's answers, wrong ones included. So look at what the
# student does with them. It does not repeat them perfectly. There is a **misfit** between the two: the mean
# squared difference between the student's answers and its teacher's.

# %%
print(f"misfit between student and teacher: {outcome.misfit:.2f}")

# %% [markdown]
# The misfit looks like a failure. The student was asked to copy, and it did not manage to. Now the second guess.
# Call the **gain** the teacher's error minus the student's error: how much better the student is.

# %% jupyter={"source_hidden": true}
lessons.predict(
    "The student failed to copy its teacher by a misfit of "
    f"{outcome.misfit:.2f}. How large is its gain over the teacher?",
    low=-0.6,
    high=0.6,
    step=0.01,
    truth=round(outcome.gain, 2),
    because="Gain equals misfit. The student is better by exactly as much as it disagrees.",
    name="how much better",
)

# %% [markdown] tags=["play"]
# ## Move it
#
# That could be luck: one world, one teacher. So here are many. The explorer has two sliders.
#
# * **Weak-model quality**: how good the teacher is. At 1 it makes no error.
# * **Misfit share**: which part of the teacher's error is of a kind that the student is unable to express, and so
#   cannot copy. (In this world the misfit is this share of the teacher's error.)
#
# And three pictures of the same result.
#
# * **The triangle.** Truth, teacher and student are its corners. A side is the distance of two of them, and each
#   side *squared* is an error. The dotted line is what the student can express.
# * **The ledger.** Teacher's error minus misfit is the error that a theorem promises the student (its name comes at
#   the end of the chapter). Below it is the student's real error. The *slack* is the difference of the two.
# * **The map.** One star for each result: misfit to the right, gain upwards.
#
# Move both sliders. Watch the star, and watch the angle at the student.

# %%
explorer = w2s.GainExplorer(controls=["weak_quality", "misfit_share"])
explorer

# %% [markdown]
# However you move them, three things stay the same:
#
# 1. the star stays on the diagonal: **gain = misfit**;
# 2. the angle at the student stays a **right angle** (at either end of the share, and for a teacher without error, two
#    corners meet and there is no angle);
# 3. the ledger balances: the slack is zero.
#
# The three are one fact, seen from three sides. We can also move the sliders from Python, and ask for the
# numbers:

# %%
for quality, share in [(0.2, 0.25), (0.4, 0.75), (0.8, 0.5)]:
    explorer.set(weak_quality=quality, misfit_share=share)
    print(f"quality {quality:.1f}: misfit {explorer.outcome.misfit:.3f}, gain {explorer.outcome.gain:.3f}")
explorer.reset()

# %% [markdown]
# ### The surprise, said plainly
#
# A student that disagrees with its teacher *in the right way* is better than its teacher, and the amount of
# disagreement **is** the amount of improvement. To measure the misfit you need only the two models and some
# questions, and no right answer at all. That the misfit *is* the gain has a condition, which we break below.
#
# The reason is hidden in the word *cannot*. Think of the teacher's error as made of two parts. One part the
# student is able to express; it copies that part, as it was told to. The other part does not fit into anything
# that the student can express, and so it falls away, just as a child who has learned to sing in tune does not
# repeat a false note. If the student can express the truth, what falls away is pure error, and losing it is the gain.
#
# ### A third model
#
# Take the student's model once more, and train it on *right* answers to the same questions. Which of the three makes
# the smallest error?

# %% jupyter={"source_hidden": true}
lessons.predict(
    "Who makes the smallest error?",
    options=["the teacher", "the student", "the student's model, trained on right answers"],
    truth="the student's model, trained on right answers"
    if outcome.err_ceiling < outcome.err_student
    else "the student",
    because=f"Errors: teacher {outcome.err_weak:.2f}, student {outcome.err_student:.2f}, "
    f"trained on right answers {outcome.err_ceiling:.2f}.",
    name="who is best",
)

# %% [markdown]
# The third model is called the **ceiling**. It is the best that the student's class can do, so no student passes it.
# The surprise of this book is about the teacher: a student can beat its *teacher*. It does not beat what it would be
# with right answers.

# %% [markdown] tags=["break-it"]
# ## Break it
#
# To understand a law, find out where it ends. So far the student was large enough. Its size has a slider, too:
#
# * **Strong capacity**: how many of 24 independent building blocks, called *directions*, the student can use. The
#   truth is made of 12 of them.
#
# What happens to a student that is too *small*, so that the truth itself is not among the things it can express?

# %% jupyter={"source_hidden": true}
small = w2s.LinearWorld(weak_quality=0.4, strong_capacity=6, misfit_share=0.5).outcome()
lessons.predict(
    "The truth needs 12 directions and the student has only 6. The gain is now …",
    options=["larger than the misfit", "equal to the misfit", "smaller than the misfit"],
    truth="smaller than the misfit" if small.slack < 0 else "equal to the misfit",
    because=f"The misfit is {small.misfit:.2f} and the gain only {small.gain:.2f}.",
    reveal=w2s.GainExplorer(strong_capacity=6),
    name="too small",
)

# %% [markdown]
# The card has uncovered the explorer with all three sliders, and the capacity at 6. The right angle is gone. The
# student now also fails to copy what was *right* in the teacher's answers, and that part of the misfit is no gain. (The
# dotted line now only marks where gain would equal misfit.) Press **Worse than its teacher** to see the student lose
# altogether. Then raise the capacity step by step, and find the moment at which the angle becomes right again.
#
# And the other end? Press **A student that copies**. A student that can express *everything* copies its teacher's
# mistakes too. Nothing falls away, there is no misfit, and there is no gain.
#
# So a good student is large enough to hold the truth, and unable to hold its teacher's mistakes.

# %% [markdown] tags=["instructor"]
# **For whoever teaches this.** `lessons.skip_predictions()` in a cell at the top shows the answers of all cards at
# once. `w2s.GainExplorer(controls=["misfit_share"])` shows one slider at a time. *Copy as code* in the explorer gives the
# line that opens its present state, to hand to the class. `explorer.save_page("explorer.html")` writes a page that
# works without Python.

# %% [markdown] tags=["paper"]
# ## Where this comes from
#
# Burns and others (2023, [arXiv 2312.09390](https://arxiv.org/abs/2312.09390)) found it in experiments with language
# models: strong models trained on the labels of weak ones often did better than the weak ones. They named it *weak-to-strong generalization*, and asked
# whether people will one day be able to teach models that are cleverer than they are.
#
# Moses Charikar, Chirag Pabbaraju and Kirankumar Shiragur (NeurIPS 2024, [arXiv 2405.15116](https://arxiv.org/abs/2405.15116))
# then proved *by how much*: for squared errors, a student that is the best copy of its teacher within a *convex*
# class, and a truth inside that class, the gain is at least the misfit. In a linear class, as in this world, it
# is equal. Their experiments are on random networks, molecules and text.
#
# What you saw here is our own made-up world, in which the theorem's assumptions hold exactly, or are broken
# exactly.
#
# ### What the book will do
#
# * Chapter 01 turns the right angle into a proof of three steps.
# * Chapter 02 puts real models and real human ratings in the place of the made-up world, and asks what is left.

# %% [markdown] tags=["take-away"]
# ## Three questions to take away
#
# 1. A student agrees with its teacher on every question. What is its gain?
# 2. Why do you need no right answers to measure the misfit, but some to measure the teacher's error?
# 3. Somebody says: "The student trained on weak labels beats the same model trained on true labels." What would
#    you answer?
#
# <details><summary>Answers</summary>
#
# 1. Zero. The misfit is zero, and student and teacher are the same function on these questions.
# 2. The misfit compares two models, and you have both. The error compares a model with the truth.
# 3. It beats its *teacher*. The same model trained on true labels of the same questions is the ceiling, and the
#    student did not pass it in anything you saw here.
#
# </details>

# %% [markdown]
# ## What you did
#
# Run this cell again when you are done. What it shows stays in the notebook when you save it.

# %%
lessons.summary()

# %% [markdown] tags=["next"]
# **Next:** [01, The right angle](01_the_right_angle.ipynb): why the misfit has to be the gain.
