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
# A small model answers questions. Many of its answers are wrong. A larger model learns from those answers
# **and from nothing else**: nobody ever shows it a right one.
#
# Can the larger model end up *nearer to the truth* than the one that taught it?
#
# | | |
# | --- | --- |
# | **What you need** | this page and some curiosity; no mathematics and no programming |
# | **How long it takes** | 15 minutes |
# | **If an explorer shows an error** | press *Run*, *Run All Cells*: a saved chapter wakes up with its kernel |
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
# Here are 240 questions, side by side, and answers, which are numbers: the higher the curve, the larger the number.
#
# * The **truth** (dashed): the right answer to every question.
# * The **teacher**: the small model, also called the *weak* model. This one **knows only stairs**. For each step
#   it has seen some ten examples with errors in them, and it answers with their mean.
# * The **student**: the large model, also called the *strong* model. It **knows only waves**: it can add up eight smooth
#   waves, each as strongly as it likes. It is shown the teacher's stairs and draws, of all curves that it can
#   make, the one that comes nearest to them. It never sees the dashed line.

# %%
explorer = w2s.CurveExplorer()
outcome = explorer.outcome
w2s.plots.answers(explorer.teacher_answers())

# %% [markdown]
# How far apart are two of them? Take the difference of their two answers to each question, square it, and take the
# mean over all questions. This number is the **squared distance** of the two. The *teacher's error* is the squared
# distance of teacher and truth, the *student's error* that of student and truth.

# %%
print(f"teacher's error: {outcome.err_weak:.2f}")
print(f"error of always giving the same average answer: {outcome.truth_variance:.2f}")

# %% [markdown] tags=["predict"]
# ## Your guess, before you see anything
#
# The student has never seen a right answer. It knows the teacher's stairs, and it comes as near to them as it can. What
# do you expect?

# %% jupyter={"source_hidden": true}
lessons.predict(
    "The student is fitted to the teacher's answers alone. Compared with the teacher's error, its own error is …",
    options=[
        "larger: it adds mistakes of its own",
        "the same: it learns what it is shown",
        "smaller: it beats its teacher",
    ],
    truth="smaller: it beats its teacher" if outcome.gain > 0 else "larger: it adds mistakes of its own",
    because=f"Its error is {outcome.err_student:.2f}, and its teacher's is {outcome.err_weak:.2f}.",
    reveal=w2s.plots.answers(explorer.teacher_answers(), explorer.student_answers),
    name="who is better",
)

# %% [markdown]
# Give your guess before you read on; the card then shows the student.
#
# It looks at stairs and draws a hill. Yet it was asked to copy, and it did not manage to. There is a **misfit** between
# the two: the squared distance of student and teacher (the tinted area shows where they differ). It looks like a
# failure.

# %%
print(f"misfit between student and teacher: {outcome.misfit:.2f}")

# %% [markdown]
# Now the second guess. Call the **gain** the teacher's error minus the student's error: how much better the student is.

# %% jupyter={"source_hidden": true}
lessons.predict(
    f"The student failed to copy its teacher by a misfit of {outcome.misfit:.2f}. How large is its gain?",
    low=-0.6,
    high=0.6,
    step=0.01,
    truth=round(outcome.gain, 2),
    because=f"Its error went from {outcome.err_weak:.2f} to {outcome.err_student:.2f}. Here the gain is the misfit: the "
    "student is better by exactly as much as it disagrees.",
    name="how much better",
)

# %% [markdown]
# Two more guesses, and then you may move everything. The number of waves that the student has is its **strong capacity**. So
# far it had eight, and the truth is made of just these eight. What happens to a student with fewer, so that the truth itself
# is not among the curves that it can draw?

# %% jupyter={"source_hidden": true}
few = w2s.CurveStudy().outcome(strong_capacity=3)
lessons.predict(
    "The truth needs eight waves and the student has only three. The gain is now …",
    options=["larger than the misfit", "equal to the misfit", "smaller than the misfit"],
    truth="smaller than the misfit" if few.slack < 0 else "equal to the misfit",
    because=f"The misfit is {few.misfit:.2f}, and the gain is {few.gain:.2f}: it lost truth as well.".replace(
        "-", "−"
    ),
    name="too few",
)

# %% [markdown]
# And the other end?

# %% jupyter={"source_hidden": true}
many = w2s.CurveStudy().outcome(strong_capacity=30)
lessons.predict(
    f"With 8 waves the gain was {outcome.gain:.2f}. Now the same student gets 30 waves. Its gain …",
    options=["grows: a stronger student", "stays: the truth needs only eight", "shrinks"],
    truth="shrinks" if many.gain < outcome.gain else "grows: a stronger student",
    because=f"It is {many.gain:.2f}: with 30 waves the student can say more of its teacher's mistakes, and copies them.",
    reveal=explorer,
    name="too many",
)

# %% [markdown] tags=["play"]
# ## Move it
#
# The card has uncovered the explorer. Nothing in it is set by hand but the teacher and the number of waves: the
# student is fitted, and misfit and gain are measured, each time that something moves.
#
# * **Be the teacher.** Draw a teacher of your own into the picture, as wrong as you like. The student follows.
# * **The teacher's error** has other kinds: a wiggle, one bad stretch, a tilt.
# * **Weak-model quality**: at 1 the teacher would make no error.
#
# The bars divide the teacher's error into what the student **copies** and what **falls away**. Leave the student its
# eight waves, and look for a teacher whose misfit and gain differ.

# %% [markdown]
# ### What did you see?
#
# However wrong the teacher is, the two last bars are equally long. The student has eight waves, and the truth is made of
# just these. So nothing of the truth falls away. All that falls away is error, the error that eight waves *cannot* say. It
# is the misfit, since the student does not have it and the teacher does. And it is what the student's error is smaller
# by: the gain. (Why do the two parts of an error simply add up, although everything is squared? That is chapter 01.)
#
# To measure the misfit you need the two models and some questions, and no right answer at all. That it *is* the gain
# has a condition: the student's waves hold the truth. We break it now.

# %% [markdown] tags=["break-it"]
# ## Break it
#
# Press **Let it grow** in the explorer, and watch both curves. With too few waves, gain lies below misfit. At eight
# they meet. From there on they fall together, as the student learns the stairs. So a good student is large
# enough to hold the truth, and unable to hold its teacher's mistakes.
#
# The explorer asks you to find four things, under *Can you find …*. Three can be found.
#
# ### A third model
#
# Take the student's eight waves once more, and fit them to *right* answers. Which of the three makes the smallest error?

# %% jupyter={"source_hidden": true}
lessons.predict(
    "Who makes the smallest error?",
    options=["the teacher", "the student", "the student's waves, fitted to right answers"],
    truth="the student's waves, fitted to right answers"
    if outcome.err_ceiling < outcome.err_student
    else "the student",
    because=f"Errors: teacher {outcome.err_weak:.2f}, student {outcome.err_student:.2f}, "
    f"fitted to right answers {outcome.err_ceiling:.2f}.",
    name="who is best",
)

# %% [markdown]
# The third model is called the **ceiling**. With right answers to *all* questions it is the best that the student's class
# can do. The surprise of this book is about the teacher: a student can beat its *teacher*.
#
# ### What it does not say
#
# Three sentences are often said of this result, and all three are wrong.
#
# | said | what you have seen |
# | --- | --- |
# | "The student beats the same model trained on true labels." | It beats its teacher. The same eight waves, fitted to right answers, make no error here. |
# | "The gain is proportional to the misfit." | It is *equal* to it where the student is the best copy in a linear space that holds the truth, as with eight waves or more. With fewer they were two different numbers. |
# | "The more misfit, the better." | With three waves the misfit was larger than with eight, and the gain was below zero. |
#
# ## The map
#
# From here on a whole experiment will be one star on a map: misfit to the right, gain upwards. The next explorer draws it,
# in a world without curves in which each of three numbers has a slider of its own: the teacher's quality, the student's
# capacity, and the **misfit share**, the part of the teacher's error that the student cannot copy.
#
# * **The triangle.** Truth, teacher and student are its corners. A side is the distance of two of them, and each
#   side *squared* is an error. The dotted line is what the student can express.
# * **The ledger.** Teacher's error minus misfit is the error that a theorem promises the student. Below it is the
#   student's real error. The *slack* is the promised error minus the real one: below
#   zero, the student did worse than that.
# * **The map.** While the student's class holds the truth, the star stays on the diagonal, gain = misfit, and the angle at
#   the student is a right angle. Press **Worse than its teacher** to see both break.

# %%
w2s.GainExplorer()

# %% [markdown] tags=["instructor"]
# **For whoever teaches this.** `lessons.skip_predictions()` in a cell at the top shows the answers of all cards at
# once. `w2s.CurveExplorer(controls=["strong_capacity"])` shows one slider at a time, and `dares=False` leaves
# the list of things to find away. *Copy as code* in an explorer gives the line that opens its present state, a drawing
# too, to hand to the class. `explorer.save_page("explorer.html")` writes a page that works without Python.

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
# What you saw here are two made-up worlds of our own, in which the theorem's assumptions hold exactly, or are broken
# exactly. (The first teacher's noise is one draw of eight, picked since stairs and hill are well seen in it; *Another draw* has
# the others.)
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
