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
# # Choosing a teacher
#
# You have one strong student and eight teachers that could label its data. You can pay for a few true labels, not for
# many. **Which teacher do you take?** The most accurate one? The theorem gives another answer. It is the right one if the
# theorem's assumptions hold, and here you see what it is worth if they do not.
#
# | | |
# | --- | --- |
# | **What you need** | chapter 01, and [chapter 04](04_blind_spots.ipynb) for the last part |
# | **How long it takes** | 20 minutes |
# | **If an explorer shows an error** | press *Run*, *Run All Cells*: a saved chapter wakes up with its kernel |

# %%
import numpy as np
from IPython.display import display

import w2s_widgets as w2s
from w2s_widgets import lessons

# %% [markdown] tags=["predict"]
# ## Your guess
#
# Two teachers, one student, a truth that the student can express.

# %% jupyter={"source_hidden": true}
careful = w2s.LinearWorld(weak_quality=0.8, misfit_share=0.1).outcome()
careless = w2s.LinearWorld(weak_quality=0.6, misfit_share=0.9).outcome()
lessons.predict(
    f"The careful teacher errs by {careful.err_weak:.2f}, the careless one by {careless.err_weak:.2f}. The misfits are {careful.misfit:.2f} and "
    f"{careless.misfit:.2f}. Who makes the better student?",
    options=["the careful teacher", "the careless teacher", "the misfits do not tell"],
    truth="the careless teacher" if careless.err_student < careful.err_student else "the careful teacher",
    because=f"The students err by {careful.err_student:.2f} and {careless.err_student:.2f}. The careless teacher's mistakes are of a kind "
    "that the student cannot copy, so they fall away.",
    reveal=w2s.plots.gain_map([careful, careless], ["careful", "careless"]),
    name="careful or careless",
)

# %% [markdown]
# A teacher's mistakes do not all do the same harm. If the student can express the truth, what matters is which mistakes it
# *copies*.

# %% [markdown] tags=["play"]
# ## Play: pick first, then see
#
# Eight teachers, A to H. For each you see three things: its error, estimated from the few inputs that have a true
# label; the misfit of its student, which needs no label at all; and their difference with an interval.
#
# 1. Choose a teacher and press **Uncover the students' errors**.
# 2. Press **Another draw**: other inputs get the true labels. Choose again. Do the estimates point to the same one?
# 3. Give yourself more **true labels**. From how many on would you trust the ranking?
# 4. Last, move the **blind spot** away from 0, with 320 labels, and look at the two drawings.

# %%
w2s.TeacherChooser()

# %% [markdown] tags=["name-it"]
# ## Name it
#
# If its assumptions hold, Theorem 1 says for each teacher: $\text{err\_student} \le \text{err\_weak} - \text{misfit}$. The
# right side is called the **promise** of a teacher. (We keep the name where the assumptions fail. It is then a number, and
# promises nothing.) The rule:
#
# > Take the teacher with the smallest **err_weak − misfit**.
#
# If the student's class is a linear space, the truth is in it, and the student is the exact projection, the promise
# *is* the student's error. Then the rule takes the best teacher, whatever the teachers are like, as long as both numbers are
# known exactly. In a class that is only convex the promise is an upper bound, and the rule takes the smallest bound.
#
# ### What it costs to know
#
# * **misfit** compares two models. Unlabelled inputs are enough, and you have many.
# * **err_weak** compares a teacher with the truth. With $n$ true labels you know it up to a factor of about
#   $1 \pm 2\sqrt{2/n}$, if the teacher's errors are roughly normal. That is so for a teacher that was named beforehand.

# %%
print("true labels   a teacher's error of 0.40 is known to lie")
for n in (5, 20, 80, 320):
    low, high = w2s.error_interval(0.40, n)
    print(f"{n:11d}   between {low:.2f} and {high:.2f}")

# %% [markdown]
# Five labels are a poor judge of one teacher. How good is the *choice*? A hundred times we draw the labelled inputs
# anew, and let three rules choose. On the right is the mean error of the chosen teachers' students.

# %%
contest = w2s.TeacherSelection()


def chosen_errors(true_labels, by, eps=0.0):
    return contest.sides(eps).err_student[contest.picks(true_labels, eps, by=by)]


errors = contest.sides().err_student
print(f"drawing lots: {errors.mean():.3f}     the best teacher: {errors.min():.3f}")
print("true labels   best one taken   err_weak − misfit   err_weak alone")
for n in (5, 20, 80, 320):
    rule, accurate = chosen_errors(n, "promise"), chosen_errors(n, "err_weak")
    print(f"{n:11d}   {np.mean(rule == errors.min()):14.0%}   {rule.mean():17.3f}   {accurate.mean():14.3f}")

# %% [markdown]
# The eight teachers were **made by us** so that the most accurate one is not the best. For these teachers the rule is much better than
# drawing lots even with 5 labels, and choosing by accuracy gets *worse* with more labels: the better you know the errors, the
# more surely you take the most accurate teacher, and that one makes a poor student. Do not expect this of teachers that
# nobody made for it. On the real data of this book accuracy alone ranks about as well as the rule (at the end of this
# chapter, and in chapters [08](08_text.ipynb) and [09](09_molecules.ipynb)).

# %% [markdown]
# ### The winner is flattered
#
# Of several estimates the smallest is taken, and it is often small by luck. So a teacher that the rule *chose* looks
# better than it is. Over 2,000 draws of the labels:

# %%
many = w2s.TeacherSelection(draws=2000)
exact = many.sides()
print("                    the 95 % interval holds                promise of the chosen one")
print("true labels   for one named before   for the chosen one   is too low, in the mean, by")
for n in (5, 20, 80):
    estimates, taken = many.estimated_errors(n), many.picks(n)
    low, high = w2s.error_interval(estimates, n)
    held = (low <= exact.err_weak) & (exact.err_weak <= high)
    chosen = np.arange(len(taken)), taken
    flattered = (exact.err_weak - estimates)[chosen].mean()
    print(f"{n:11d}   {held.mean():20.0%}   {held[chosen].mean():18.0%}   {flattered:27.2f}")

# %% [markdown]
# This is the **winner's curse**. The cure: judge the chosen teacher by labels that had no part in the choice. (All this is about
# *err_weak*. The misfit is off too, if the unlabelled inputs are few.)

# %% [markdown] tags=["do-it"]
# ## Do it yourself
#
# * `promise`: estimate one teacher's promise. `labels` and `teacher_there` are the true labels and the teacher's answers
#   on the few labelled inputs; `teacher` and `student` are the answers of both on many other inputs.
# * `choose`: given `err_weak` and `misfit` of several teachers, as arrays, return the position of the one to take.


# %% tags=["exercise"]
def promise(labels, teacher_there, teacher, student):
    return None  # your code


def choose(err_weak, misfit):
    return None  # your code


display(lessons.check("promise", promise), lessons.check("choose", choose))

# %% [markdown]
# Stuck? Each hint unfolds the next one, and the last is a solution.

# %%
lessons.hints("promise", "choose")

# %% [markdown]
# Your `choose` in the contest, for the first draw of 80 true labels:

# %%
estimated = contest.estimated_errors(80)[0]
mine = choose(estimated, contest.sides().misfit)
print(
    "nobody chosen yet"
    if mine is None
    else f"you take {contest.names[mine]}, whose student errs by {errors[mine]:.3f}"
)

# %% [markdown] tags=["break-it"]
# ## Break it: a blind spot
#
# Now five percent of the truth's variance is out of the student's reach. True labels are not scarce: you have 320.

# %% jupyter={"source_hidden": true}
blind = chosen_errors(320, "promise", 0.05)
right = int(np.sum(blind == contest.sides(0.05).err_student.min()))
lessons.predict(
    "With a blind spot of 0.05 and 320 true labels: in how many of 100 draws does the rule take the best teacher?",
    low=0,
    high=100,
    step=1,
    close=5,
    truth=right,
    because="It is now misled in the same way every time, and labels cannot help: what is wrong is not err_weak.",
    reveal=w2s.TeacherChooser(choice="D", true_labels=320, eps=0.05, uncovered=True),
    name="the rule with a blind spot",
)

# %%
eps = 0.05
sides = contest.sides(eps)
print("teacher  err_weak  misfit  promise    slack   student's error   (promise − slack)")
for i, name in enumerate(contest.names):
    print(
        f"{name:>7s}  {sides.err_weak[i]:8.3f}  {sides.misfit[i]:6.3f}  {sides.err_weak[i] - sides.misfit[i]:7.3f}"
        f"  {sides.slack[i]:+7.3f}   {sides.err_student[i]:15.3f}"
    )

# %% [markdown]
# D overdoes exactly what the student cannot see. Its student drops all of it, so the misfit is large and the promise
# small, even below zero. But part of what was dropped was right. The slack, $-2\langle r_f, r_g\rangle$ of chapter 04,
# differs from teacher to teacher, and the rule does not know it.
#
# ### A promise below zero
#
# No error can be negative, so a promise below zero is an alarm. It has three possible causes:
#
# 1. too few **true labels**: err_weak comes out too small by chance;
# 2. a **blind spot**: part of the misfit was right, as here;
# 3. too few **unlabelled inputs** for the student's weights: the misfit comes out too large (chapter 05).
#
# The third is easily forgotten. Here the truth is in the class, err_weak is known exactly, and the student has 12 weights:

# %%
print("unlabelled inputs   mean promise   promise below 0   mean error of the student")
young = w2s.FiniteSample(strong_capacity=12, sizes=[16, 24, 48, 192], repetitions=2000)
for i, n in enumerate(young.sizes):
    promised = young.sides.err_weak[i] - young.sides.misfit[i]
    below = f"{np.mean(promised < 0):.0%}"
    print(
        f"{n:17d}   {promised.mean():12.2f}   {below:>15s}   {young.sides.err_student[i].mean():25.2f}".replace(
            "-", "−"
        )
    )

# %% [markdown]
#
# ### Real teachers
#
# The twelve teachers of [chapter 02](02_a_real_model.ipynb), with 600 true ratings each, and two students. At realizability 1
# the truth is one that the student can express; at 0 it is what people said.

# %%
study = w2s.TextStudy("words", n_teacher=[600], realizabilities=[0.0, 1.0], heads=["linear"], splits=1)
teachers = study.axes["teacher"]


def ranks(values):
    return np.argsort(np.argsort(values))


print("                                             rank correlation with the student's error")
print("student                      realizability   err_weak − misfit   err_weak alone   the rule takes")
for student in ("mpnet layer 9, width 256", "MiniLM layer 6, width 192"):
    for realizability in (1.0, 0.0):
        outcomes = study.outcomes(
            [{"teacher": name, "student": student, "realizability": realizability} for name in teachers]
        )
        got = [o.err_student for o in outcomes]
        promised, accurate = [o.promise for o in outcomes], [o.err_weak for o in outcomes]
        taken = teachers[int(np.argmin(promised))]
        rule, alone = (np.corrcoef(ranks(values), ranks(got))[0, 1] for values in (promised, accurate))
        place = 1 + int(ranks(got)[int(np.argmin(promised))])
        print(
            f"{student:27s}  {realizability:13.0f}   {rule:17.2f}   {alone:14.2f}   {taken}, in truth number {place} of 12"
        )

# %% [markdown]
# With a truth in the class the promise ranks almost without fault. With human ratings it still ranks well for mpnet,
# though accuracy alone does as well or better: these twelve teachers err in similar ways, so the most accurate one is
# also nearly the best. For MiniLM, whose blind spot is large, the rule takes GloVe, a model of another kind: the student
# cannot copy much of it, right or wrong, and the rule counts all of that as error.
#
# So before you trust the rule: is your student strong enough to express the truth? And do your teachers differ in
# *what* they get wrong?

# %% [markdown] tags=["instructor"]
# **For whoever teaches this.** Let pairs compete: each chooses on the same draw, before anyone uncovers.
# `w2s.TeacherChooser(true_labels=5, draw=7)` hands the same draw to everybody, and `chooser.picks` lists what was
# chosen. In the discussion ask why the interval belongs to one teacher alone, named beforehand. (A difference of two teachers on the *same*
# labelled inputs is better known than from separate labels only if their errors are alike; here they are not.)

# %% [markdown] tags=["paper"]
# ## What the paper did, and what is open
#
# Charikar, Pabbaraju and Shiragur (NeurIPS 2024, [arXiv 2405.15116](https://arxiv.org/abs/2405.15116)) propose this use of their
# theorem, and try it on three sets of molecules with teachers of eight sizes. On one of them (Lipop) the difference of error and misfit
# ranks the teachers well; on the other two the plain size of the teacher ranks them better, and several promises are below zero.
# [Chapter 09](09_molecules.ipynb) reads their tables. The contest, its eight teachers and the words are our own; so are all numbers here.
#
# **Open.** A rule that knows something of the alignment: for instance from a second student with another blind spot.
# And how to spend a few true labels best, since comparing two teachers only needs inputs on which they differ.

# %% [markdown] tags=["take-away"]
# ## Three questions to take away
#
# 1. Teacher X errs by 0.30 with misfit 0.25, teacher Y by 0.20 with misfit 0.05. Whom do you take, and what must you believe?
# 2. You double the number of unlabelled inputs. Which of the two parts of the promise becomes more certain?
# 3. A teacher's promise comes out as −0.10 from 2,000 true labels and from 100,000 unlabelled inputs, for a student with 50
#    weights. What do you conclude?
#
# <details><summary>Answers</summary>
#
# **1.** X: the bound is 0.05, and for Y 0.15. You must believe that the student can express the truth, or nearly, and that it saw
# enough inputs.
#
# **2.** The misfit only. The error needs true labels.
#
# **3.** With so many labels, and so many more unlabelled inputs than weights, it is hardly chance. So the truth is not in the
# student's class, and some of what the student dropped was right. (Or the student is no least-squares fit: a penalised one
# also has a misfit that is too large.)
#
# </details>

# %% [markdown]
# ## What you did
#
# Run this cell again when you are done. It stays in the notebook when you save it.

# %%
lessons.summary()

# %% [markdown] tags=["next"]
# **Next:** [07, Random networks](07_random_networks.ipynb): every assumption of the theorem has now been broken once. In the paper's
# experiments several of them break at the same time.
