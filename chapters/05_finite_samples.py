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
# # Only n inputs
#
# The theorem lets the student learn from its teacher's answers to *all* inputs. A real student sees some: n of
# them, and no more. **How many are enough, and what goes wrong when they are few?** On the way
# from few to many there is a surprise.
#
# | | |
# | --- | --- |
# | **What you need** | [chapter 01](01_the_right_angle.ipynb): misfit, gain, slack; logarithms; a little Python |
# | **How long it takes** | 25 minutes |
# | **If an explorer shows an error** | press *Run*, *Run All Cells*: a saved chapter wakes up with its kernel |

# %%
import numpy as np

import w2s_widgets as w2s
from w2s_widgets import lessons

# %% [markdown]
# ## One world, 200 students
#
# An input has 24 independent coordinates of mean 0 and variance 1. The truth uses the first 12. The teacher's
# error is 0.4, and half of that lies in the coordinates that the truth does not use. The student is a linear head
# on the first 12 coordinates. It could express the truth, so with all inputs gain equals misfit:

# %%
all_inputs = w2s.FiniteSample(strong_capacity=12).population
all_inputs

# %% [markdown]
# This is the **population value**. A student who sees only n inputs, labelled by the teacher, comes out
# differently, and differently each time. So we draw the n inputs 200 times and fit 200 students. Each is then
# measured over *all* inputs (for a linear head there is a formula), so whatever spread you will see is the spread
# of the fits and not of the measuring. The labels carry some noise of their own: standard deviation 0.5.

# %% [markdown] tags=["predict"]
# ## Your guess
#
# Four groups of 200 students, with 4, 12, 25 and 46 inputs each. All have 12 weights to learn, by plain least squares.

# %% jupyter={"source_hidden": true}
asked = w2s.FiniteSample(strong_capacity=12, label_noise=0.5)
medians = {n: np.median(asked.sides.err_student[asked.sizes.index(n)]) for n in (4, 12, 25, 46)}
lessons.predict(
    "In which group are the students worst?",
    options=[f"{n} inputs each" for n in medians],
    truth=f"{max(medians, key=medians.get)} inputs each",
    because="The median errors are "
    + ", ".join(f"{error:.2f} with {n}" for n, error in medians.items())
    + " inputs. Why it is so, this chapter explains.",
    reveal=w2s.SampleExplorer(n=12),
    name="worst n",
)

# %% [markdown] tags=["play"]
# ## Play: from few inputs to many
#
# Move **n** from left to right. Each dot of the cloud is a student. The star is the population value. The middle
# drawing shows the errors over n, on logarithmic axes: median, and the band from 5 to 95 %. The drawing on the right
# shows how far each number still is from its population value. There a straight line is a **rate**, and its slope is
# read off.
#
# - Where is the cloud when n is large? Along which direction does it come in?
# - Find the n with the largest errors. Then change the dimension of the student. Does the place move?
# - Give the student all 24 dimensions and labels without noise. What does it become?

# %%
w2s.SampleExplorer()

# %% [markdown] tags=["name-it"]
# ## Name it
#
# With n inputs $x_1, \dots, x_n$ the student is the best copy of its teacher *on these*: it minimises the mean of
# $\big(s(x_i) - g(x_i)\big)^2$ over the n inputs and not over all. Assumption 4 of Theorem 1, the best copy over the
# whole distribution, is what breaks. The difference between this student and the projection is the **estimation
# error**.
#
# Where does it come from, if the labels have no noise at all? From the misfit. What the student cannot copy of its
# teacher looks like noise to the student: in this world it is independent of everything that the student sees. With few inputs
# the student fits some of it.
#
# ### On its own inputs, and on fresh ones
#
# There are now two misfits. **In sample**: the student against its labels on its own n inputs. There the student is
# as near as it can be, nearer than the projection. **Over all inputs**: there it is farther away than the projection.
# The population value
# lies between:

# %%
sizes = [16, 24, 48, 192, 1201]
study = w2s.FiniteSample(strong_capacity=12, sizes=sizes, repetitions=2000)
misfit, d = all_inputs.misfit, 12
print("mean misfit of 2,000 students without label noise")
print("    n   in sample  (formula)   population   all inputs  (formula)")
for i, n in enumerate(sizes):
    inside, fresh = study.training_misfit[i].mean(), study.sides.misfit[i].mean()
    too_small, too_large = misfit * (1 - d / n), misfit * (1 + d / (n - d - 1))
    print(f"{n:5d}  {inside:9.3f}  {too_small:9.3f}   {misfit:10.3f}   {fresh:10.3f}  {too_large:9.3f}")

# %% [markdown]
# The formulas are those of least squares with normal inputs, for d dimensions: in sample the misfit is too small by
# the share $d/n$, over all inputs too large by $d/(n-d-1)$. So never read the misfit off the student's own inputs.
# It costs nothing to do better: misfit needs no labels of the truth, so take fresh inputs.
#
# And gain? Here the truth is in the class. Then the same estimation error that adds to the mean misfit takes as much from the
# mean gain, so it counts twice in the mean slack:

# %%
print("    n   misfit     gain      slack   (means over all inputs)")
for i, n in enumerate(sizes):
    row = [side[i].mean() for side in (study.sides.misfit, study.sides.gain, study.sides.slack)]
    # Rounded so that the printed numbers add up.
    row[2] = round(row[1], 3) - round(row[0], 3)
    print(f"{n:5d}   {row[0]:6.3f}   {row[1]:6.3f}   {row[2]:+8.3f}".replace("-", "−"))
print(f"  all   {misfit:6.3f}   {all_inputs.gain:6.3f}   {all_inputs.slack:8.3f}")

# %% [markdown]
# ### The rate
#
# Write $s_n$ for the student and $s$ for the projection. What is $s_n - s$ in size? Its square, the estimation
# error, falls like $1/n$, so the length itself falls like $1/\sqrt{n}$. By how much is the student's error off?
#
# $$|f - s_n|^2 - |f - s|^2 \;=\; |s_n - s|^2 \;-\; 2\,\langle f - s,\; s_n - s\rangle .$$
#
# The first part falls like $1/n$. The second falls like $1/\sqrt{n}$ only, but it has either sign: over many students
# it cancels. So a *single* student comes to its population value slowly, the *mean* of many quickly. In the misfit
# the second part is missing, because $g - s$ is at a right angle to everything that the student can express.

# %%
study = w2s.FiniteSample(strong_capacity=12, label_noise=0.5)
print(f"slope of the median distance, misfit:           {study.rate('misfit'):.2f}".replace("-", "−"))
print(f"slope of the median distance, student's error:  {study.rate('err_student'):.2f}".replace("-", "−"))
far = w2s.FiniteSample(
    strong_capacity=12, label_noise=0.5, sizes=[10_000, 100_000, 1_000_000], repetitions=2000
)
print(f"the same, from 10,000 to 1,000,000 inputs:      {far.rate('err_student'):.2f}".replace("-", "−"))

# %% [markdown]
# The second slope lies between −1 and −1/2: for small n the quick part is still the larger one. Farther to the right
# it is −1/2.
#
# > **Theorem 2** (Charikar, Pabbaraju, Shiragur 2024). The class of the student's heads is convex. Truth, teacher and all heads
# > are bounded. The student minimises its distance to the teacher on $n$ independent inputs. Then, with probability $1 - \delta$,
# >
# > $$\text{err\_student} \;\le\; \text{err\_weak} - \text{misfit} + O(\sqrt{\varepsilon}) + O\big((C/n)^{1/4}\big) + O\big((\log(1/\delta)/n)^{1/4}\big).$$
# >
# > $\varepsilon$ is the squared distance of the truth to the class (zero if realizable), $C$ measures how complex the class is. The
# > paper gives orders for $\varepsilon \to 0$ and $n \to \infty$, and no constants. So it says how fast the terms vanish, and not
# > from which $n$ on they are small.
#
# It holds for every bounded convex class and every distribution, which is why its rate, $n^{-1/4}$, is slower than what you
# have just read off. Our own world is not bounded (its weights are free, its inputs normal), so the theorem does not cover it.
# Here the errors are computed, and the slopes are a property of this world.

# %% [markdown] tags=["do-it"]
# ## Do it yourself
#
# Two functions. `in_sample_misfit` is given the inputs, shape (n, d), and the weights of teacher and student, each of
# shape (d,). `rate` is given the sizes and the errors at these sizes, and returns the slope of the straight line
# through the points on a log-log picture (by least squares).


# %% tags=["exercise"]
def in_sample_misfit(inputs, teacher, student):
    return None  # your code


def rate(ns, errors):
    return None  # your code


display(lessons.check("in_sample_misfit", in_sample_misfit), lessons.check("rate", rate))

# %% [markdown]
# Stuck? Each hint unfolds the next one, and the last is a solution.

# %%
lessons.hints("in_sample_misfit", "rate")

# %% [markdown]
# ### The spike at n = dimension
#
# With fewer inputs than weights the student can fit every label exactly, in many ways, and takes the one with the
# smallest weights. With more inputs than weights it cannot fit everything, and averages. In between, at n = d, there
# is exactly *one* way to fit every label, noise and all. Almost always there is some direction in which the n inputs
# hardly differ. To explain the noise in that direction, the weights have to be huge. How weak the weakest direction is
# can be measured: the smallest eigenvalue (other than 0) of the inputs' second moment.

# %%
rng = np.random.default_rng(5)
print("    n   weakest direction   in-sample misfit   student's error   (medians)")
for n in (4, 8, 12, 16, 25, 104):
    i = study.sizes.index(n)
    inputs = rng.normal(size=(200, n, 12))
    weakest = np.linalg.svd(inputs, compute_uv=False)[:, -1] ** 2 / n
    inside, error = np.median(study.training_misfit[i]), np.median(study.sides.err_student[i])
    print(f"{n:5d}   {np.median(weakest):17.4f}   {inside:16.3f}   {error:15.2f}")

# %% [markdown]
# The error rises to the spike and falls again. Nothing of it is seen in sample, where the misfit is 0 up to n = 12. With
# labels as noisy as these it hardly falls before it rises. With labels that have no noise of their own it does:

# %%
quiet = w2s.FiniteSample(strong_capacity=12, sizes=[1, 2, 4, 6, 8, 12, 25, 104])
medians = np.median(quiet.sides.err_student, axis=1)
print("labels without noise")
print("n               ", "".join(f"{n:8d}" for n in quiet.sizes))
print("student's error ", "".join(f"{error:8.2f}" for error in medians))

# %% [markdown]
# It falls, rises, and falls again. This is **double descent**.
#
# ### A student that copies
#
# With n ≤ d the student repeats its teacher's labels on its own inputs, every mistake included. Still it is no copy
# elsewhere. A student with *all* directions and enough labels without noise is a copy everywhere: misfit 0, gain 0.

# %%
few = w2s.FiniteSample(strong_capacity=12, sizes=[10])
full = w2s.FiniteSample(strong_capacity=24, sizes=[104])
for words, one in (("12 dimensions,  10 inputs", few), ("24 dimensions, 104 inputs", full)):
    everywhere = one.outcome(n=one.sizes[0])
    inside = np.median(one.training_misfit)
    print(f"{words}: misfit on its own inputs {inside:.3f}, over all inputs {everywhere.misfit:.3f}")

# %% [markdown] tags=["break-it"]
# ## Break it: hold the student back
#
# The usual cure for the spike is a **ridge** penalty: minimise the mean squared difference plus $\lambda$ times the sum
# of the squared weights. Large weights now have a price. Is this student still the nearest function of a convex class? Yes,
# but of a class that depends on the teacher. Let $w$ be the student's weights. Of all heads whose weights are no longer than
# $w$ (a *ball*), this student is the nearest to its teacher, on the inputs of the fit. So Theorem 1 holds if the truth's weights are no longer
# than $w$. But the penalty makes $w$ short, so as a rule the truth is outside of the ball, and then nothing is promised.
#
# Stopping gradient descent early is the same with an *ellipsoid* in place of the ball. Both are computed here, on 200 inputs, for
# truths that the student could express without the restraint: 2,000 in the set and 2,000 outside of it.

# %%
inputs = rng.normal(size=(200, 12))
spectrum, axes = np.linalg.eigh(inputs.T @ inputs / len(inputs))
basis = inputs @ axes / np.sqrt(spectrum)  # twelve functions at right angles, each of length 1
labels = inputs @ rng.normal(size=12) + rng.normal(size=200)  # what the teacher says
copied = basis.T @ labels / len(inputs)  # the best copy, direction by direction
kept = {"ridge 0.1": spectrum / (spectrum + 0.1), "10 steps": 1 - (1 - 0.3 * spectrum) ** 10}
print("            slack below 0, of 2,000 truths")
print("student       in its set    outside")
for name, part in kept.items():
    student, price = (
        part * copied,
        1 / part - 1,
    )  # the set: all v whose sum of price · v² is at most the student's own
    truths = copied + rng.normal(size=(2, 2000, 12))  # the teacher is not far from them
    reach = np.sqrt((price * student**2).sum() / (price * truths**2).sum(axis=2, keepdims=True))
    truths *= reach * np.stack([rng.uniform(0, 1, (2000, 1)), rng.uniform(1, 3, (2000, 1))])
    slacks = 2 * ((truths - student) * (student - copied)).sum(axis=2)
    print(f"{name:12s}{(slacks[0] < 0).sum():12d}{(slacks[1] < 0).sum():11,d}")
penalised = w2s.RidgeHead(0.1, intercept=False).fit(inputs, labels).coef_
ball = w2s.BallHead(np.linalg.norm(penalised), intercept=False).fit(inputs, labels).coef_
print(f"ridge and the ball have the same weights: {np.allclose(penalised, ball)}")

# %% [markdown]
# In the set no slack is negative. Outside of it some are, and some are not: nothing is promised. Which truth is outside depends
# on the teacher, since the set does. What happens when data are plenty?

# %% jupyter={"source_hidden": true}
ridge = w2s.FiniteSample(strong_capacity=12, label_noise=0.5, ridge=0.1)
lessons.predict(
    "A ridge penalty of 0.1 stays, and n grows without end. What becomes of the slack?",
    options=["it goes to 0", "it stays below 0", "it stays above 0"],
    truth="it stays below 0"
    if ridge.limit.slack < -0.01
    else ("it stays above 0" if ridge.limit.slack > 0.01 else "it goes to 0"),
    because="Every weight stays too small by the same share, 1 / (1 + 0.1), however many inputs there are. "
    f"The slack goes to {ridge.limit.slack:.3f}, the gain to {ridge.limit.gain:.3f} and not to "
    f"{ridge.population.gain:.3f}.".replace("-", "−"),
    reveal=w2s.SampleExplorer(n=12, regularization="ridge 0.1"),
    name="ridge in the limit",
)

# %%
print("                     median student's error        gain in")
print("                   n = 12   n = 46   n = 5000     the limit")
cures = {
    "nothing": {},
    "ridge 0.01": {"ridge": 0.01},
    "ridge 0.1": {"ridge": 0.1},
    "ridge 1": {"ridge": 1.0},
    "stop after 10 steps": {"steps": 10},
    "stop after 3 steps": {"steps": 3},
}
for words, cure in cures.items():
    held = w2s.FiniteSample(strong_capacity=12, label_noise=0.5, **cure)
    small, some, many = (np.median(held.sides.err_student[held.sizes.index(n)]) for n in (12, 46, 5000))
    print(f"{words:19s}{small:6.2f}   {some:6.2f}   {many:8.2f}   {held.limit.gain:+11.3f}".replace("-", "−"))

# %% [markdown]
# Stopping gradient descent early makes the spike small, too: a direction that the inputs hardly show is learnt slowly, and
# after ten steps it is hardly learnt. Here it costs nothing in the limit, because with endless inputs all directions
# of this world are equally easy to learn. In a world where some directions are harder than others it would cost something.
#
# The sign of ridge's slack is not a law. A penalty pulls *every* student towards zero, and that can be away from the truth or
# towards it, depending on the teacher. Our teacher's answers are too small rather than too large, so shrinking them further
# hurts. If you want a budget on the weights *and* the theorem, fix the ball first: `BallHead` is the
# projection on the same ball for every teacher, and on the inputs of the fit its slack is never negative for a truth in that ball.
#
# Choose your own cure: which setting has the lowest error at n = 46, and is it the same at n = 5000?

# %%
w2s.SampleExplorer(n=46, regularization="10 steps")

# %% [markdown] tags=["instructor"]
# **For whoever teaches this.** `SampleExplorer(controls=["n"])` makes a good screen for a class that calls out what
# the cloud will do next. The common wrong belief is that more data cannot hurt: stop at n = 8 and let the class
# predict n = 12. The most common wrong answers to the exercises are the misfit over all inputs in place of the one in
# sample, and a slope of the wrong sign; the checks meet both.

# %% [markdown] tags=["paper"]
# ## What the paper did, and what is open
#
# Charikar, Pabbaraju and Shiragur (NeurIPS 2024, [arXiv 2405.15116](https://arxiv.org/abs/2405.15116)) state Theorem 2 for finite samples
# and truths that are not realizable. In their experiments the student is fitted on as many inputs as the teacher, and gain
# and misfit are each measured on fresh inputs, which this chapter shows to be the right way. All numbers and pictures
# here are our own computations: 200 repetitions for each of 50 sizes.
#
# The formulas $d/n$ and $d/(n-d-1)$ are classical least-squares theory for normal inputs. Double descent at n = dimension
# is known from the literature on interpolation. That the *misfit* acts as the noise behind it is the identity of
# chapter 01, read for a finite sample.
#
# Open, or not in this chapter: students that are not linear, inputs that are far from normal, and how to choose the
# regularization when no true label is at hand.

# %% [markdown] tags=["take-away"]
# ## Three questions to take away
#
# 1. A colleague reports a misfit of 0.05, measured on the student's own 200 inputs; the student has 100
#    dimensions, and the labels have no noise of their own.
#    What is the population value, and what is this student's misfit over all inputs, roughly?
# 2. Why does a student with 12 weights do worse with 12 inputs than with 4?
# 3. A student was fitted with a ridge penalty, and gain is below misfit. Which assumption failed?
#
# <details><summary>Answers</summary>
#
# 1. In sample it is too small by the share d/n = 1/2, so the population value is about 0.10. This student's misfit
#    over all inputs is about twice that: 0.10 · (1 + 100/99).
# 2. With 12 inputs there is one way only to fit every label, and some direction is hardly shown by the inputs, so its weight
#    becomes huge. With 4 there are many ways, and the student takes the one with the smallest weights.
# 3. The one that the truth is in the class. The student is the nearest to its teacher in the ball of all heads with weights no
#    longer than its own, and the truth, with longer weights, is not in that ball. (Or it is in no head at all, or the sample is small.)
#
# </details>

# %% [markdown]
# ## What you did
#
# Run this cell again when you are done. It stays in the notebook when you save it.

# %%
lessons.summary()

# %% [markdown] tags=["next"]
# **Next:** [06, Choosing a teacher](06_choosing_a_teacher.ipynb): several teachers, a few true labels, and a choice to make
# before the answer is known.
