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
# # Why convex?
#
# The theorem of [chapter 01](01_the_right_angle.ipynb) asks for four things. One of them sounds like a technicality:
# the student's class must be **convex**. **What is it good for?** We take it away and see whether gain is still at least
# misfit.
#
# | | |
# | --- | --- |
# | **What you need** | chapter 01: the triangle, misfit, gain and slack; a little Python for two exercises |
# | **How long it takes** | 20 minutes |
# | **If an explorer shows an error** | press *Run*, *Run All Cells*: a saved chapter wakes up with its kernel |

# %%
import numpy as np
from IPython.display import display

import w2s_widgets as w2s
from w2s_widgets import lessons

rng = np.random.default_rng(3)

# %% [markdown]
# ## A plane of functions
#
# With two inputs a function is two numbers, so all functions together are a plane. This time we choose the axes
# so that a picture is true to scale. The point $(x, y)$ stands for the function that answers $x + y$ on the
# first input and $x - y$ on the second. Then the mean squared difference of two functions is the *squared
# distance* of their points, and a square drawn on a side of the triangle has the area of an error.

# %%
print("the point (1, 0.25) answers", w2s.as_function((1, 0.25)))
print("the point (1, 0) answers   ", w2s.as_function((1, 0)))
difference = w2s.as_function((1, 0.25)) - w2s.as_function((1, 0))
print("error between the two      ", np.mean(difference**2), "=", 0.25**2)

# %% [markdown]
# The student's class is a set in this plane. The student is the point of that set nearest to the teacher.

# %% [markdown] tags=["predict"]
# ## Your guess
#
# A very modest student. Its class has two functions, and it picks the one that is nearer to its teacher. One of
# the two is the truth itself, so the problem is realizable.

# %% jupyter={"source_hidden": true}
pair = w2s.ProjectionExplorer(shape="two points", truth_x=-0.9, truth_y=0, teacher_x=0.1, teacher_y=0.4)
lessons.predict(
    "The truth is one of the student's two functions. Can the student be worse than its teacher?",
    options=["yes", "no, since the truth is in its class"],
    truth="yes" if pair.outcome.gain < 0 else "no, since the truth is in its class",
    because="This teacher is a little nearer to the wrong one of the two. The student cannot mix: it takes "
    "the wrong function whole.",
    reveal=pair.picture(),
    name="two functions",
)

# %% [markdown] tags=["play"]
# ## Play: four classes that keep the promise
#
# Drag the truth (the diamond) and the teacher (the square), or move them with the arrow keys. The student
# follows. The green line goes through the student, at a right angle to the way to its teacher: it is the
# **tangent**. Behind it, on the green side, gain is at least the misfit.
#
# 1. On the line, put the teacher anywhere. What does the angle at the student do?
# 2. On the disc, keep the truth inside. Can you get an angle below 90 degrees? Can you get the truth to the white side
#    of the tangent?
# 3. On the polygon, find a place where you can move the teacher and the student stays.
# 4. On the cone, drag the truth out of the class. Now nothing is promised. Can you make the gain less than the misfit?

# %%
w2s.ProjectionExplorer(shapes=["line", "disc", "polygon", "cone"])

# %% [markdown] tags=["name-it"]
# ## Name it
#
# > A set $V$ of functions is **convex** if with any two functions it also holds every mixture of them: if $a$ and $b$
# > are in $V$, then so is $(1 - t)\,a + t\,b$ for each $t$ between 0 and 1.
#
# In a picture: the straight way between two points of the set stays in the set. A line, a disc, a polygon and a
# cone are convex. A ring is not, since the straight way may lead through the hole.
#
# ### The nearest function
#
# The student is $s$, the function of $V$ with the smallest $|s - g|^2$. If $V$ is convex (and closed: it holds its own
# rim), there is exactly **one** such function. And it does not leap: when the teacher moves a little, the
# student moves by no more than that.
#
# ### The half-plane
#
# Through the student we draw the tangent, at a right angle to the way to the teacher. If $V$ is convex, **all of
# $V$ lies behind it**:
#
# $$\langle v - s,\; g - s\rangle \le 0 \qquad\text{for every } v \text{ in } V .$$
#
# Why? Say some $v$ of the class lay in front of the tangent, on the teacher's side. Walk from $s$ a short step
# towards $v$. The step brings us nearer to the teacher. And because $V$ is convex, we are still in $V$. So $s$ was
# not the nearest function: a contradiction.
#
# ### The theorem, once more
#
# > **Theorem 1** (Charikar, Pabbaraju, Shiragur 2024). Assume that
# >
# > 1. errors are mean **squared** differences, and all of them are finite;
# > 2. $V$ is **convex**;
# > 3. the truth $f$ is in $V$ (the problem is **realizable**);
# > 4. the student is the **best** copy of its teacher in $V$, over the whole distribution of inputs. (If $V$ is closed
# >    there is a best copy; if not, it is part of the assumption.)
# >
# > Then **gain ≥ misfit**. If $V$ is even a linear space, **gain = misfit**.
#
# With the half-plane the proof is one line. The truth is one of the $v$, so $\langle f - s,\; g - s\rangle \le 0$, and
#
# $$\text{slack} = 2\,\langle f - s,\; s - g\rangle = -2\,\langle f - s,\; g - s\rangle \ge 0 .$$
#
# Nothing is assumed of the teacher. Here are a thousand teachers for each class, drawn anywhere, each with a truth
# somewhere in the class:


# %%
def thousand_slacks(shape):
    corners = rng.uniform((-2.5, -2.0), (2.5, 2.0), size=(1000, 2, 2))
    return np.array([w2s.plane_outcome(shape, w2s.plane_set(shape).project(f), g).slack for f, g in corners])


kept = {shape: thousand_slacks(shape) for shape in ("line", "disc", "polygon", "cone")}
for shape, slacks in kept.items():
    print(f"{shape:8s} gain < misfit: {np.sum(slacks < -1e-9)} of 1000, largest slack {slacks.max() + 0:.2f}")

# %% [markdown] tags=["do-it"]
# ## Do it yourself
#
# Two functions. `truth`, `teacher` and `student` are points: arrays of two numbers.
#
# - `project_on_disc` returns the point of a disc around the origin that is nearest to the teacher.
# - `behind_tangent` returns `True` if the truth lies behind the tangent at the student, or on it, and `False` if it lies
#   on the teacher's side. Here the student is any point, not only a nearest one.
#
# Replace `None`, run the cell, and read what the checks say.


# %% tags=["exercise"]
def project_on_disc(teacher, radius):
    return None  # your code


def behind_tangent(truth, teacher, student):
    return None  # your code


display(lessons.check("project_on_disc", project_on_disc), lessons.check("behind_tangent", behind_tangent))

# %%
lessons.hints("project_on_disc", "behind_tangent")

# %% [markdown] tags=["break-it"]
# ## Break it: a class that is not convex
#
# Now three classes that are not convex: a ring, two points, a crescent. There are no ready-made states this time. Keep
# the truth **in** the class, and find by hand:
#
# 1. a state with a **negative gain**: the student is worse than its teacher. (The red dashed line helps. It is half
#    way between student and teacher: a truth beyond it is nearer to the teacher.)
# 2. a place where the student **leaps**: the teacher moves a little, the student a long way.
# 3. a **tie**: two functions of the class, equally near to the teacher. The explorer says so when you are there.

# %%
w2s.ProjectionExplorer(shapes=["ring", "two points", "crescent"], presets=False, teacher_x=1.2, teacher_y=1.4)

# %% [markdown]
# One such state for each class, computed. In each the truth is in the class, and eps, its squared distance from the
# class, is 0:

# %%
found = {
    "ring": ((-0.8, 0.4), (0.25, 0.1)),
    "two points": ((-0.9, 0.0), (0.02, 1.0)),
    "crescent": ((0.6, 0.95), (1.2, -0.15)),
}
print("class         eps    misfit     gain    slack")
for shape, (truth, teacher) in found.items():
    broken = w2s.plane_outcome(shape, truth, teacher)
    print(
        f"{shape:11s} {broken.err_ceiling:.3f}  {broken.misfit:8.3f} {broken.gain:+8.3f} {broken.slack:+8.3f}"
    )

# %% [markdown]
# What went wrong is always the same. The class reaches over the tangent, and the truth is up there. The proof breaks
# at one point: the step from the student towards the truth leaves the class.

# %% jupyter={"source_hidden": true}
ring_slacks = thousand_slacks("ring")
lessons.predict(
    "A thousand teachers drawn anywhere, each with a truth somewhere in the ring. How often is the gain less than the misfit?",
    low=0,
    high=1000,
    step=10,
    truth=int(round(np.sum(ring_slacks < -1e-9), -1)),
    because="Most of these teachers lie outside the ring, where its rim is round like that of a disc. Only a teacher in "
    "the hole meets a rim that bends the wrong way. Without convexity nothing is promised, but gain can still be at least misfit.",
    name="thousand rings",
)

# %% [markdown]
# ### The cure: let the student mix
#
# Back to real sizes: a thousand inputs with three features, and three heads made beforehand. A student that must
# **choose one** of them (`FiniteHead`) has a class of three points. A student that may **mix** them (`HullHead`) has
# the triangle between these points, their convex hull. The truth is one of the three heads, so it is in both
# classes. The teacher is the same for both.

# %%
inputs = rng.normal(size=(1000, 3))
given = [w2s.LinearHead().fit(inputs, inputs[:, column]) for column in range(3)]
truth = given[0].predict(inputs)
teacher = inputs @ np.array([0.45, 0.5, 0.2])
chosen, mixed = (
    w2s.measure(truth, teacher, head.fit(inputs, teacher).predict(inputs))
    for head in (w2s.FiniteHead(given), w2s.HullHead(given))
)
print(f"must choose: {chosen}")
print(f"may mix:     {mixed}")

# %% [markdown]
# The student that mixes stays near its teacher and gains a little, as promised. The student that must choose is drawn
# to the wrong corner. A similar pair is a norm *budget* (`BallHead`: a ball) and a norm that is *prescribed*
# (`SphereHead`: only the rim). Here the teacher is weak, and errs in sign as well:

# %%
truth = inputs[:, 0]
teacher = inputs @ np.array([-0.2, 0.3, 0.1])
sphere, ball = (
    w2s.measure(truth, teacher, head.fit(inputs, teacher).predict(inputs))
    for head in (w2s.SphereHead(radius=1.0, intercept=False), w2s.BallHead(radius=1.0, intercept=False))
)
for name, outcome in {"SphereHead": sphere, "BallHead": ball}.items():
    print(f"{name:10s} gain {outcome.gain:+.3f}, misfit {outcome.misfit:.3f}, slack {outcome.slack:+.3f}")

# %% [markdown]
# The ball holds this teacher, so its student copies it: nothing gained, nothing lost. On the sphere all weights have length
# 1, and this teacher's are shorter. So the student has to say louder what its teacher says, mistakes included.

# %% [markdown] tags=["instructor"]
# **For whoever teaches this.** Let pairs hunt for the most negative gain on the crescent: *Copy as code* turns a find
# into a line that can be handed in. A good question for the board: is a class of neural networks of one size
# convex? (The mean of two networks is in general no network of that size.) And why does the theorem not
# mind? (Only the head is trained, and heads are convex.) The most common wrong answer to `behind_tangent` is
# the test of a positive gain; the check meets it with a hint.

# %% [markdown] tags=["paper"]
# ## What the paper did, and what is open
#
# Charikar, Pabbaraju and Shiragur (NeurIPS 2024, [arXiv 2405.15116](https://arxiv.org/abs/2405.15116)) assume that the
# set of functions that the strong model can express by its *head* is convex. Most of their experiments use linear heads. In their appendix D
# they also try heads that bend: tanh, ReLU or sigmoid of a linear head. Such a class is in general not convex, so nothing is
# promised. Still gain follows misfit there; [chapter 07](07_random_networks.ipynb) repeats it. The
# representation below the head, a deep network, need not be convex in anything, because it stays frozen. The proof by
# projection is theirs. The pictures and numbers of this chapter are our own computations.
#
# Open, or not in this chapter: what is promised when the whole network is trained, and its functions are no longer a
# convex set. The examples above show that then some other property is needed in place of convexity.

# %% [markdown] tags=["take-away"]
# ## Three questions to take away
#
# 1. In which line of the proof is convexity used?
# 2. A class is not convex. Is the gain then always less than the misfit?
# 3. Your student must choose one of five finished heads, by agreement with a teacher. The truth is near one of them.
#    What would you change, and what is promised then?
#
# <details><summary>Answers</summary>
#
# 1. In the step from the student towards another function of the class: it has to stay inside the class.
# 2. No. Nothing is promised, but the truth may happen to lie behind the tangent.
# 3. Let it mix the five. Their mixtures are a convex class. If the truth is one of them, or any mixture of them, gain is at
#    least the misfit (over all inputs). If it is only near, the slack can be below 0, and chapter 04 says by how much at most.
#
# </details>

# %% [markdown]
# ## What you did
#
# Run this cell again when you are done. What it shows stays in the notebook when you save it.

# %%
lessons.summary()

# %% [markdown] tags=["next"]
# **Next:** [04, Blind spots](04_blind_spots.ipynb): the assumption that fails in every real experiment. The truth is not
# quite in the class.
