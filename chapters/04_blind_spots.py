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
# # Blind spots
#
# The theorem of [chapter 01](01_the_right_angle.ipynb) assumes that the student could express the truth. Real
# students cannot, not quite. What a student cannot express of the truth is its **blind spot**. **What does a blind
# spot cost?** Always something? And what is left of the theorem if it is large?
#
# | | |
# | --- | --- |
# | **What you need** | chapter 01: the triangle, misfit, gain and slack |
# | **How long it takes** | 20 minutes |
# | **If an explorer shows an error** | press *Run*, *Run All Cells*: a saved chapter wakes up with its kernel |

# %%
import numpy as np
from IPython.display import display

import w2s_widgets as w2s
from w2s_widgets import lessons

rng = np.random.default_rng(4)

# %% [markdown]
# ## Two inputs again
#
# A function on two inputs is a point in a plane. Our student can answer what it likes on the first input, but on the
# second it must answer 0. Its class is the horizontal axis. This truth is not on that axis:

# %%
truth = np.array([2.0, 1.0])
teacher = np.array([1.0, 2.0])
student = np.array([1.0, 0.0])  # the nearest to the teacher that the student can express
w2s.measure(truth, teacher, student)

# %% [markdown]
# The student is the best copy of its teacher, and yet the angle is acute and nothing is gained. On the second input
# the teacher said 2, the truth is 1, and the student had to drop both. It dropped an error, and it dropped something
# right.

# %% [markdown] tags=["predict"]
# ## Your guess
#
# Keep the truth and the student's class, and take a teacher that errs the other way on the second input.

# %% jupyter={"source_hidden": true}
opposed = w2s.measure(truth, np.array([1.0, -2.0]), student)
lessons.predict(
    "The truth is (2, 1), the new teacher says (1, −2), and the student again learns (1, 0). The misfit is 2, as before. The gain is …",
    options=["less than the misfit", "equal to the misfit", "more than the misfit"],
    truth="more than the misfit" if opposed.gain > opposed.misfit else "less than the misfit",
    because=f"The gain is {opposed.gain:.0f}. On the second input this teacher is worse than the answer 0, because its answer has "
    "the wrong sign. To drop it removes more error than the misfit says.",
    reveal=w2s.plots.triangle(opposed, class_words="what the student can express"),
    name="the other way",
)

# %% [markdown]
# So a blind spot has no fixed price. It depends on what the teacher says there. Now with many tasks, and with two
# models that see the world through the same kind of representation. There is one true representation. The teacher
# has a noisy copy of it and the student another. In the paper's experiment the student's copy is the better one.
# Then the dots of a hundred tasks lie near the line *gain = misfit*.

# %% jupyter={"source_hidden": true}
lessons.predict(
    "Now swap the roles: a good copy for the teacher, a poor one for the student. Where does the cloud of tasks go?",
    options=["it stays on gain = misfit", "to the line gain = 0", "to the mirror line gain = −misfit"],
    truth="to the mirror line gain = −misfit"
    if np.corrcoef(*w2s.PerturbedRepresentations().sides(0.1, 0.5)[2:4])[0, 1] < -0.9
    else "to the line gain = 0",
    because="What the poor student cannot copy of a good teacher is right almost everywhere. All of it is lost.",
    reveal=w2s.SwapExplorer(teacher_noise=0.1, student_noise=0.5),
    name="roles swapped",
)

# %% [markdown] tags=["play"]
# ## Play: carry the cloud from line to line
#
# Each dot is a task, and the star is their mean. Press the presets from left to right. Then move one slider slowly and
# watch the right-hand drawing: *misfit plus alignment is gain*. Three things to find:
#
# * With **student's noise 0** no slider moves a dot off the line *gain = misfit*. Why?
# * With **teacher's noise 0** every dot is exactly on the mirror line.
# * With equal and small noise the gain is about zero, and the misfit is not. (With large noise, such as 0.6, it is below zero.)

# %%
w2s.SwapExplorer()

# %% [markdown] tags=["name-it"]
# ## Name it
#
# Let the student's class be a linear space, and let $\Pi$ be the projection on it, as in chapter 02: $\Pi u$ is the best copy
# of $u$ in the class. What is left over of truth and teacher is
#
# $$r_f = f - \Pi f, \qquad r_g = g - \Pi g .$$
#
# | name | what it is |
# | --- | --- |
# | **blind spot** | $r_f$, what the student cannot express of the truth; its size is $\varepsilon = \lvert r_f\rvert^2$ |
# | misfit | $\lvert r_g\rvert^2$, since the student is $s = \Pi g$ |
# | **alignment** | $-2\,\langle r_f,\, r_g\rangle$ |
# | realizable | $\varepsilon = 0$ |
#
# ### The slack is the alignment
#
# In $\text{slack} = 2\,\langle f - s,\; s - g\rangle$ write $f - s = \Pi(f - g) + r_f$ and $s - g = -r_g$. The first part
# lies in the class and $r_g$ is at a right angle to the whole class, so only one product is left:
#
# $$\text{gain} = \text{misfit} \;-\; 2\,\langle r_f,\, r_g\rangle .$$
#
# The assumptions: squared errors, a **linear** class, and a student that is the exact projection over the whole
# distribution. Nothing about the truth, nothing about the teacher.
#
# ### It has a sign
#
# * $\langle r_f, r_g\rangle > 0$: the teacher is right exactly where the student is blind. Dropping it **hurts**.
# * $\langle r_f, r_g\rangle = 0$: what is left of the teacher has nothing to do with the blind spot. Gain = misfit,
#   although the truth is out of reach.
# * $\langle r_f, r_g\rangle < 0$: residual and blind spot oppose. Dropping it **helps** more than the misfit says.
#
# ### It has a bound
#
# A product of two functions is at most the product of their lengths (Cauchy and Schwarz). So
#
# $$|\text{slack}| \;\le\; 2\sqrt{\varepsilon \cdot \text{misfit}} .$$
#
# So if the student can almost express the truth, the gain cannot be far below the misfit. This is the bracket in the explorer.
#
# ### It is a trade
#
# Multiply out $\lvert r_g - r_f\rvert^2$ and you find one more form, which says what happens in words:
#
# $$\text{gain} \;=\; \underbrace{\lvert r_g - r_f\rvert^2}_{\text{error that is dropped}} \;-\; \underbrace{\varepsilon}_{\text{truth that is dropped}} .$$
#
# The student drops what it cannot express of its teacher's *error*, and pays with what it cannot express of the
# *truth*. It can never lose more than $\varepsilon$, the size of its blind spot: gain $\ge -\varepsilon$.

# %%
explorer = w2s.SwapExplorer()
print("teacher  student     eps   misfit  alignment    gain   gain/misfit   (t² − s²)/(t² + s²)")
for t, s in [(0.5, 0.0), (0.5, 0.1), (0.4, 0.2), (0.4, 0.4), (0.2, 0.4), (0.1, 0.5), (0.0, 0.5)]:
    explorer.set(teacher_noise=t, student_noise=s)
    o = explorer.outcome
    law = (t**2 - s**2) / (t**2 + s**2)
    print(
        f"{t:7.2f}  {s:7.2f}  {explorer.eps:6.3f}  {o.misfit:7.3f}  {explorer.alignment:9.3f}  {o.gain:6.3f}  {o.gain / o.misfit:12.2f}  {law:20.2f}"
    )

# %% [markdown]
# The last column is an approximation for small noise. The teacher's noise $t$ makes the error that is dropped, about
# $t^2$; the student's noise $s$ makes the blind spot, about $s^2$; the misfit is about their sum. So the slope of the
# cloud goes from 1 to −1.

# %% [markdown] tags=["do-it"]
# ## Do it yourself
#
# Two short functions. `left_of_truth` and `left_of_teacher` are $r_f$ and $r_g$, arrays with one value for each
# input. `err_weak`, `misfit` and `eps` are numbers.
#
# * `gain_from_left`: the gain of a linear student, from what is left over alone.
# * `worst_error`: the largest error that a linear student can have if these three numbers are given: its teacher's error,
#   its misfit, and its blind spot.


# %% tags=["exercise"]
def gain_from_left(left_of_truth, left_of_teacher):
    return None  # your code


def worst_error(err_weak, misfit, eps):
    return None  # your code


display(lessons.check("gain_from_left", gain_from_left), lessons.check("worst_error", worst_error))

# %% [markdown]
# Stuck? Each hint unfolds the next one, and the last is a solution.

# %%
lessons.hints("gain_from_left", "worst_error")

# %% [markdown]
# Try them on data. Here teacher and student learn from 4,000 inputs, for one of the tasks. On these very inputs the
# student is an exact projection.

# %%
world = w2s.PerturbedRepresentations()
inputs = rng.normal(size=(4_000, world.dimension))
weak, strong = inputs @ world.teacher_weights(0.4).T, inputs @ world.student_weights(0.3).T
truth = inputs @ world.truth[0]
teacher = w2s.LinearHead().fit(weak, truth).predict(weak)
student = w2s.LinearHead().fit(strong, teacher).predict(strong)
ceiling = w2s.LinearHead().fit(strong, truth).predict(strong)

outcome = w2s.measure(truth, teacher, student, ceiling)
mine = gain_from_left(truth - ceiling, teacher - student)
worst = worst_error(outcome.err_weak, outcome.misfit, outcome.err_ceiling)
print(
    f"measured gain    {outcome.gain:.4f}, your function says {'nothing yet' if mine is None else f'{mine:.4f}'}"
)
print(
    f"student's error  {outcome.err_student:.4f}, your bound is {'not there yet' if worst is None else f'{worst:.4f}'}"
)

# %% [markdown] tags=["break-it"]
# ## Break it: how much blindness is too much?
#
# Leave the teacher's noise at 0.5 and let the student's representation get worse, step by step.

# %% jupyter={"source_hidden": true}
states = explorer.table
levels = states.axis("student_noise").values
mean_gain = [states.outcome(teacher_noise=0.5, student_noise=level).gain for level in levels]
lessons.predict(
    "At which noise of the student's copy does the mean gain first fall below zero?",
    low=0,
    high=0.6,
    step=0.05,
    close=0.05,
    truth=next(level for level, gain in zip(levels, mean_gain, strict=True) if gain < 0),
    because="The student's copy has to be about as noisy as the teacher's: then as much truth is dropped as error.",
    reveal=w2s.SwapExplorer(teacher_noise=0.5, student_noise=0.5),
    name="too blind",
)

# %% [markdown]
# In this world a student with a noisier copy than its teacher's loses. No better training repairs that, because each student
# here is already the best possible copy.
#
# ### The same blind spot, five teachers
#
# In `LinearWorld` the direction of the part of the teacher's error that the student cannot copy can be chosen by its
# cosine to the blind spot: `blind_cosine=1` lets it lie along the blind spot, `blind_cosine=-1` against it. The truth,
# the student's class and the size of the teacher's error are the same in all rows.

# %%
print("blind_cosine    misfit    slack   bracket   eq. 17   student's error")
for cosine in (-1.0, -0.5, 0.0, 0.5, 1.0):
    world = w2s.LinearWorld(weak_quality=0.2, strong_capacity=10, misfit_share=0.5, blind_cosine=cosine)
    o = world.outcome()
    bracket = 2 * np.sqrt(world.eps * o.misfit)
    apart = np.sum((world.student - world.ceiling) ** 2)
    chain = 2 * world.eps + 2 * np.sqrt(world.eps * o.err_weak) + 2 * np.sqrt(apart * world.eps)
    print(
        f"{cosine:12.1f}  {o.misfit:8.3f}  {o.slack:+7.3f}   ±{bracket:.3f}   {chain:6.3f}   {o.err_student:15.3f}"
    )

# %% [markdown]
# All five students err alike: what they drop of the error, and of the truth, is the same in size. But the
# *misfit* differs, and with it err_weak − misfit, which would bound the error if there were no blind spot. A misfit alone cannot tell a teacher that errs from
# a teacher that knows more than the student can learn. That will matter when we choose teachers, in
# [chapter 06](06_choosing_a_teacher.ipynb).
#
# (*eq. 17* is how far below zero the slack may lie by the paper's own chain of inequalities, which holds for every convex class:
# $2\varepsilon + 2\sqrt{\varepsilon\cdot\text{err\_weak}} + 2\sqrt{\varepsilon\cdot|s - c|^2}$, with $c$ the best of the
# class. For a linear class the bracket is narrower, and it is sharp: the first row and the last reach it.)

# %% [markdown] tags=["instructor"]
# **For whoever teaches this.** Let the class first vote on the swapped roles; most expect the line gain = 0.
# `w2s.SwapExplorer(teacher_noise=0.4, student_noise=0.4)` is a good picture to talk about: the dots above the zero
# line are tasks whose blind spot and residual happen to oppose. `explorer.gains` and `explorer.misfits` hold the dots.

# %% [markdown] tags=["paper"]
# ## What the paper did, and what is open
#
# Theorem 2 of Charikar, Pabbaraju and Shiragur (NeurIPS 2024, [arXiv 2405.15116](https://arxiv.org/abs/2405.15116)) drops the
# assumption that the truth is in the class, for any convex class. Its price is a term of the order of
# $\sqrt{\varepsilon}$. For a linear class we can say more than a bound: the slack *is* the alignment, with its sign.
#
# In their experiment teacher and student are noisy copies of a random network, and they also report what happens when
# the roles are swapped. Our world is a linear sister of it: the same idea, no network, no training, and every
# error exact. All numbers here are our own.
#
# **Open.** The alignment contains the truth's blind spot, so it cannot be measured without true labels. If it could, one
# would know in advance whether a strong model will gain.

# %% [markdown] tags=["take-away"]
# ## Three questions to take away
#
# 1. A linear student has a blind spot of 0.01 and a misfit of 0.25. Between which numbers is its gain?
# 2. Teacher and student have the same linear class. The teacher is the best function of this class for the truth. What is the
#    misfit, and what is the gain?
# 3. Two students have the same misfit with the same teacher. Does the one with the smaller blind spot gain more?
#
# <details><summary>Answers</summary>
#
# **1.** The bracket is $2\sqrt{0.01 \cdot 0.25} = 0.1$, so from 0.15 to 0.35.
#
# **2.** Both are zero. The teacher is itself in the student's class, so the student copies it, and nothing of it is left over. The
# blind spot is what the teacher cannot say either.
#
# **3.** Not always. A smaller blind spot only makes the bracket narrower; where in it the slack lies, and with which sign,
# decides.
#
# </details>

# %% [markdown]
# ## What you did
#
# Run this cell again when you are done. It stays in the notebook when you save it.

# %%
lessons.summary()

# %% [markdown] tags=["next"]
# **Next:** [05, Finite samples](05_finite_samples.ipynb): what is left of all this when the student sees only a few inputs.
