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
# # The right angle
#
# In [chapter 00](00_can_a_student_beat_its_teacher.ipynb) a student beat its teacher, and its gain was equal to
# its misfit, whatever we did to the teacher. **Why must that be so?** The answer is one you have known since
# school: it is the theorem of Pythagoras.
#
# | | |
# | --- | --- |
# | **What you need** | means and squares; a little Python for one exercise |
# | **How long it takes** | 25 minutes |
# | **If an explorer shows an error** | press *Run*, *Run All Cells*: a saved chapter wakes up with its kernel |

# %%
import numpy as np

import w2s_widgets as w2s
from w2s_widgets import lessons

rng = np.random.default_rng(1)

# %% [markdown]
# ## Functions are points
#
# Take only two questions. A function then is two numbers: its answer to the first question and its answer to the
# second. Two numbers are a point in a plane.
#
# Here are a truth and a teacher. Drag them, or drag one of their answers in the picture beside. (Do not press **Next** or
# **Play** yet: two guesses come first.)

# %%
film = w2s.ProofExplorer(presets=False)
film

# %% [markdown] tags=["predict"]
# ## Your guess
#
# Now comes a student. It **has to give the same answer to both questions**; that is all that it can say. It never sees the
# truth. It is to come as near to its teacher as it can, where "near" means: the mean of the two squared differences is small.

# %% jupyter={"source_hidden": true}
first = w2s.ProofExplorer()
lessons.predict(
    f"The teacher answers {first.teacher_1:.2f} and {first.teacher_2:.2f}. ".replace("-", "−")
    + "Which answer does the student give, twice?",
    low=-1,
    high=2,
    step=0.05,
    truth=round(first.student[0], 2),
    because="It is the mean of the two. In the plane it is the point of the student's line that is nearest to the "
    "teacher.",
    name="best copy",
)

# %% jupyter={"source_hidden": true}
lessons.predict(
    "From there the student takes a very small step along its line, towards the truth. Its distance to the teacher …",
    options=["gets smaller", "hardly changes at first", "gets larger at once, and fast"],
    truth="hardly changes at first" if abs(first.outcome.slack) < 1e-9 else "gets larger at once, and fast",
    because="On a line the student can step both ways, and neither way leads nearer. So the distance is level there: it "
    "hardly changes at first, and then it grows.",
    reveal=film,
    name="small step",
)

# %% [markdown] tags=["play"]
# ## Play: the proof as a film
#
# Now the film is yours. Press **Next**, six times, or **Play**. You can stop and drag a point at any moment.
#
# 1. The student's **class**: all that it can say. Here it is a line.
# 2. A circle around the teacher grows until it touches the class. There is the student.
# 3. A step from the student towards the truth. Beside it you see the squared distance to the teacher along the way.
# 4. The angle at the student.
# 5. A square on each side of the triangle. Each is an error. (An error is the *mean* over the two questions and not
#    their sum, so it is half of the area. This is so for all three, and changes nothing.)
# 6. The small squares lean and turn, which keeps their areas. Do they fill the large one?
#
# Then move the teacher wherever you like, as wrong as you like.
#
# ### What did you see?
#
# The truth lies on the student's line, and at the nearest point this line is at a right angle to the way to the teacher. Then the theorem of
# Pythagoras says that the two small squares make the large one: misfit + student's error = teacher's error. The gain
# is the misfit.
#
# With a thousand questions a function is a point in a space of a thousand dimensions. Three points in it still lie
# in one plane, and still make a triangle. Nothing else changes.

# %% jupyter={"source_hidden": true}
guessed = w2s.LinearWorld(weak_quality=0.5, strong_capacity=16, misfit_share=0.3).outcome()
lessons.predict(
    f"Another student, on many questions, with a right angle again. The teacher's error is {guessed.err_weak:.2f} and the "
    f"misfit is {guessed.misfit:.2f}. What is the student's error?",
    low=0,
    high=1,
    step=0.01,
    truth=round(guessed.err_student, 2),
    because="By Pythagoras the squares on the two short sides add up to the square on the long one.",
    reveal=w2s.plots.triangle(guessed, class_words="what the student can express"),
    name="pythagoras",
)

# %% [markdown] tags=["name-it"]
# ## Name it
#
# **Inputs** $x$ are drawn from some distribution $P$. The **squared distance** of two functions is the mean of their
# squared difference over the inputs,
#
# $$|a - b|^2 = \mathbb{E}_{x \sim P}\,\big(a(x) - b(x)\big)^2 ,$$
#
# and with it comes a product, $\langle a, b\rangle = \mathbb{E}_{x \sim P}\; a(x)\, b(x)$. Two functions whose
# product is zero are at a right angle.
#
# Let $f$ be the **truth**, $g$ the **teacher** and $s$ the **student**. Then
#
# | name | what it is |
# | --- | --- |
# | teacher's error, `err_weak` | $\lvert f - g\rvert^2$ |
# | student's error, `err_student` | $\lvert f - s\rvert^2$ |
# | **misfit** | $\lvert s - g\rvert^2$ |
# | **gain** | teacher's error − student's error |
# | **slack** | $2\,\langle f - s,\; s - g\rangle$ |
#
# ### Always true
#
# Write $f - g = (f - s) + (s - g)$ and square. For **any** three functions
#
# $$\text{gain} = \text{misfit} + \text{slack}.$$
#
# Nothing is assumed but that errors are squared and the means are finite: it is the law of cosines for our triangle. So
# an experiment need not agree "roughly" with a theory: the slack says by how much it differs. Three columns of random
# numbers obey the identity too:

# %%
f, g, s = rng.normal(size=(3, 1000))
anything = w2s.measure(f, g, s)
print(f"gain            {anything.gain:+.12f}")
print(f"misfit + slack  {anything.misfit + anything.slack:+.12f}")

# %% [markdown]
# ### The theorem
#
# The student is a **head** on a **representation** that stays frozen: the representation turns an input into
# numbers, the head turns the numbers into an answer, and only the head is trained. Let $V$ be the set of all
# functions that the student can express: every allowed head on that representation.
#
# > **Theorem 1** (Charikar, Pabbaraju, Shiragur 2024, in our words). Assume that
# >
# > 1. errors are mean **squared** differences, and all of them are finite;
# > 2. $V$ is **convex**: between any two functions in $V$, all mixtures of them are in $V$;
# > 3. the truth is in $V$ (the problem is **realizable**);
# > 4. the student is the **best** copy of its teacher: $s$ is the function in $V$ with the smallest
# >    $\lvert s - g\rvert^2$, measured over the whole distribution $P$ and not on a finite sample.
# >
# > Then $\;\text{err\_student} \le \text{err\_weak} - \text{misfit}$. In words: **gain ≥ misfit**.
#
# If $V$ is even a linear space (linear heads, with nothing to hold them back), **gain = misfit**. Nothing else is
# assumed of the teacher, nor of how the representation was made.

# %% [markdown]
# ### The proof, in three steps that you complete
#
# It is the film, in symbols. We start at the student, the point of $V$ nearest to the teacher, and take a small step
# towards the truth: $s_t = s + t\,(f - s)$ with a small $t > 0$.

# %% jupyter={"source_hidden": true}
lessons.predict(
    "Step 1. Student s and truth f are both in V. Why is the point s + t (f − s) between them also in V?",
    options=["because V is convex", "because the teacher is good", "because s is the nearest point to g"],
    truth="because V is convex",
    because="Between two of its points a convex set holds all others. This is where assumptions 2 and 3 are used.",
    name="step 1",
)

# %% [markdown]
# So $s_t$ is a function that the student could have chosen. It chose $s$, the nearest one to the teacher. Hence
# $|s_t - g|^2 \ge |s - g|^2$. Multiplying out,
#
# $$|s_t - g|^2 = |s - g|^2 + 2t\,\langle f - s,\; s - g\rangle + t^2\,|f - s|^2 .$$

# %% jupyter={"source_hidden": true}
lessons.predict(
    "Step 2. Subtract |s − g|², divide by t, and let t go to 0. What follows for the slack, 2 ⟨f − s, s − g⟩?",
    options=["it is at least 0", "it is exactly 0", "it is at most 0"],
    truth="it is at least 0",
    because="Otherwise a small step towards the truth would bring the student nearer to its teacher, and s would "
    "not be the nearest point. The angle at the student is at least 90 degrees.",
    name="step 2",
)

# %% [markdown]
# Put this into gain = misfit + slack: **gain ≥ misfit**. That is Theorem 1.
#
# Now the third step, equality. In a linear space a step *away* from the truth, $t < 0$, also stays in $V$.

# %% jupyter={"source_hidden": true}
lessons.predict(
    "Step 3. Let V be a linear space. Dividing by a negative t turns the inequality round. What is the slack now?",
    options=["still only known to be at least 0", "exactly 0", "at most 0, and perhaps negative"],
    truth="exactly 0",
    because="It is at least 0 by the step towards the truth and at most 0 by the step away from it. "
    "So the angle is exactly right, and gain equals misfit.",
    name="step 3",
)

# %% [markdown] tags=["do-it"]
# ## Do it yourself
#
# Write the two functions. `truth`, `teacher` and `student` are arrays with one value for each input. Each
# function returns one number. Replace `None`, run the cell, and read what the checks say.


# %% tags=["exercise"]
def misfit(teacher, student):
    return None  # your code


def gain(truth, teacher, student):
    return None  # your code


display(lessons.check_misfit(misfit), lessons.check_gain(gain))

# %% [markdown]
# Stuck? Each hint unfolds the next one, and the last is a solution.

# %%
lessons.hints("misfit", "gain")

# %% [markdown]
# ### From data to the closed form
#
# So far the errors came from a formula. `LinearWorld` can also *draw data*: inputs, labels, a weak and a strong
# representation. Then we do what one does in practice. Fit the teacher's head on true labels; let it label other
# inputs; fit the student's head on those labels alone; measure all errors on fresh inputs. `WeakToStrong` does
# exactly this.

# %%
world = w2s.LinearWorld(weak_quality=0.6, strong_capacity=16, misfit_share=0.5)
exact = world.outcome()
print("inputs    teacher's error   misfit    gain   slack")
for n in (400, 8_000, 160_000):
    data = world.sample(n, rng)
    found = w2s.WeakToStrong(data.teacher_features, data.student_features, data.truth).outcome()
    print(f"{n:7d}   {found.err_weak:15.3f}   {found.misfit:6.3f}   {found.gain:5.3f}  {found.slack:+.3f}")
print(f"formula   {exact.err_weak:15.3f}   {exact.misfit:6.3f}   {exact.gain:5.3f}  {exact.slack:+.3f}")

# %% [markdown]
# (Rounded to three digits, a sum can be off by one in the last.) *Inputs* counts all three parts. With more of them the numbers approach the formula, and the slack goes to zero. What
# is left is the finite sample, of the teacher's fit and of the student's: assumption 4 speaks of the whole
# distribution. On the *very inputs* on which the student was fitted, the student is an exact projection and the truth is
# in its class, so the angle is right to the last digits, even with few inputs:

# %%
data = world.sample(400, rng)
study = w2s.WeakToStrong(data.teacher_features, data.student_features, data.truth)
study.outcome()
print(
    f"on the student's own inputs, gain and misfit agree to 12 digits: {abs(study.outcome_in_sample.slack) < 1e-12}"
)

# %% [markdown]
# ### Convex, but not a space
#
# Linear heads with a **norm budget** form a ball or an ellipsoid; with two questions it can be a disc. It is convex, but it ends somewhere.
# If the best copy would need more than the budget, the student stops at the surface.

# %% jupyter={"source_hidden": true}
disc = w2s.ProofExplorer(["disc"], moment=2)
lessons.predict(
    "The class is a disc, the truth lies in it, and the teacher does not. Now the gain is …",
    options=["less than the misfit", "equal to the misfit", "the misfit or more"],
    truth="the misfit or more" if disc.outcome.gain >= disc.outcome.misfit else "less than the misfit",
    because=f"In the first state of the film it is {disc.outcome.gain:.2f}, and the misfit is "
    f"{disc.outcome.misfit:.2f}. The theorem promises too little, never too much.",
    reveal=disc,
    name="disc",
)

# %% [markdown] tags=["break-it"]
# ## Break it: capacity below the truth
#
# The first assumption to break is number 3. (In the film: drag the truth off the student's line, and play it again.) Let the truth need 12 directions, and the student have fewer. What
# the student cannot express of the truth we call its blind spot $r_f$. What it cannot express of the teacher is
# $r_g$.

# %% jupyter={"source_hidden": true}
lessons.predict(
    "The truth leaves the student's class. The teacher's labels still contain a piece of the truth that the student "
    "cannot express. The slack becomes …",
    options=["positive", "zero", "negative"],
    truth="negative" if w2s.LinearWorld(strong_capacity=8).outcome().slack < 0 else "zero",
    because="Misfit now also counts right answers that the student could not copy, and those are no gain.",
    reveal=w2s.GainExplorer(strong_capacity=8, weak_quality=0.6),
    name="blind spot",
)

# %% [markdown]
# For a linear class and the best copy the slack is known exactly. It is minus twice the product of the two pieces that
# the student cannot express:
#
# $$\text{slack} = -2\,\langle r_f,\; r_g\rangle .$$

# %%
for capacity in (6, 8, 10, 12, 14):
    world = w2s.LinearWorld(weak_quality=0.6, strong_capacity=capacity, misfit_share=0.5)
    left_of_truth = world.truth - world.ceiling
    lost = world.teacher - world.student
    print(
        f"capacity {capacity:2d}: slack {world.outcome().slack:+.3f}, "
        f"−2⟨r_f, r_g⟩ {0 - 2 * left_of_truth @ lost:+.3f}, blind spot |r_f|² {world.eps:.3f}"
    )

# %% [markdown]
# The sign is not always bad. If, where the student is blind, the teacher errs so far against the truth that it has the
# wrong sign there, the product is negative and the slack positive. For example:

# %%
print(w2s.LinearWorld(weak_quality=0.2, strong_capacity=10, misfit_share=0.5, blind_cosine=-1).outcome())

# %% [markdown] tags=["instructor"]
# **For whoever teaches this.** Let the class draw the point and the line of the first example on paper before the film
# is played. `w2s.ProofExplorer(moment=3)` opens it at the step. The most common wrong answer to the exercise is a misfit measured against the truth; the check meets it
# with a hint. Chapter 00's explorer with `controls=["strong_capacity"]` makes a good screen for the discussion
# of the blind spot.

# %% [markdown] tags=["paper"]
# ## What the paper did, and what is open
#
# Theorem 1 and its proof by projection are from Charikar, Pabbaraju and Shiragur (NeurIPS 2024,
# [arXiv 2405.15116](https://arxiv.org/abs/2405.15116)). Their Theorem 2 drops two assumptions: the truth need not be in $V$, and
# the student sees a finite sample. The bound then gets terms for the distance of the truth from $V$ and for the
# sample size. The exact form of the slack for a linear class, $-2\langle r_f, r_g\rangle$, follows from the identity
# above by one line of algebra; it has a sign, which a bound has not. The tables and pictures of this chapter are
# our own computations.
#
# Open, or not in this chapter: losses other than the squared one; classes that are not convex; students that are
# not the best copy because training stopped early. Each can move the angle away from 90 degrees.

# %% [markdown] tags=["take-away"]
# ## Three questions to take away
#
# 1. Which of the four assumptions does the identity gain = misfit + slack need?
# 2. Where in the proof is convexity used, and where is it used that the truth is in $V$?
# 3. A colleague measures gain 0.10 and misfit 0.16 for a linear student. What is the slack, and what would you ask
#    first?
#
# <details><summary>Answers</summary>
#
# 1. Only the first. It holds for any three functions.
# 2. Both in step 1: the way from the student to the truth has to stay inside $V$.
# 3. The slack is −0.06. Is the truth in the student's class, and is the sample large enough for its number of
#    features?
#
# </details>

# %% [markdown]
# ## What you did
#
# Run this cell again when you are done. What it shows stays in the notebook when you save it.

# %%
lessons.summary()

# %% [markdown] tags=["next"]
# **Next:** [02, A real model](02_a_real_model.ipynb): real representations, real human ratings, and how much of the right
# angle is left.
