// SPDX-License-Identifier: Apache-2.0
// A model opened for a task, the examples it reads, and the predictions it makes.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autograd/variable.h"
#include "models/data/table.h"
#include "models/hub/checkpoint_source.h"
#include "models/hub/save_pretrained.h"
#include "models/input/read_counts.h"
#include "models/metrics/classes.h"
#include "models/metrics/precision_recall.h"
#include "models/prefix/keeping.h"
#include "models/tasks/example_words.h"
#include "models/tasks/task_record.h"
#include "nn/parameter.h"
#include "nn/train/fingerprint.h"
#include "nn/train/metrics.h"
#include "tensor/io/json.h"

namespace thaw {

class TaskModel;

// One example as a person looks at it.
struct ShownExample {
  struct Token {
    std::string text;
    bool has_loss = false;   // a term of the loss is about it
    std::string label = {};  // what it should be; empty where that is nothing
  };
  std::string where;      // "FILE:LINE", and the file that it is in, where that is another
  std::string text = {};  // what was read, as far as the tokens still tell; it may be empty
  std::vector<Token> tokens;
  std::string truth = {};  // what the whole example should be: the label of a text
  int64_t cut = 0;         // tokens that did not fit
};

// What a model said of examples, kept so that it can be counted again.
class Evaluation {
 public:
  virtual ~Evaluation() = default;
  virtual int64_t size() const = 0;  // examples; those of one group (Examples::group) are one here
  virtual double loss() const = 0;   // mean of its terms
  // The task's metrics without "loss" over some of the examples, numbered from 0 in the order in which they were
  // evaluated, groups by their first. One may be there several times (bootstrap).
  virtual Metrics scores(std::span<const int64_t> which) const = 0;

  // What it was, and what the model said; "" where that cannot be said in words.
  struct Judgement {
    std::string truth, said;
    double wrongness = 0;  // the larger, the worse; 0: nothing is wrong
  };
  virtual Judgement judgement(int64_t example) const = 0;

  // Class by class, where there are some.
  struct ClassScores {
    std::string name;
    PrecisionRecall scores;
  };
  virtual std::vector<ClassScores> classes() const { return {}; }
  // How often each of classes() was taken for which, where an example is of one class.
  virtual std::optional<ConfusionMatrix> confusion() const { return {}; }

  // The task's metrics, "loss" among them, over all examples.
  Metrics metrics() const;
};

// Examples of a file, encoded for the model that read them, which must outlive them.
class Examples {
 public:
  virtual ~Examples() = default;

  int64_t size() const { return static_cast<int64_t>(lengths().size()); }
  // Tokens of each, or what words() call parts. What is drawn may give other ones, as many and in the same place, once
  // another epoch has begun.
  virtual std::span<const int64_t> lengths() const = 0;
  // The number of terms in the loss of these examples: one each, unless a task counts otherwise (labelled tokens).
  virtual double terms(std::span<const int64_t> examples) const { return static_cast<double>(examples.size()); }
  // The sum of these examples' terms divided by `count`: []. So parts of a step that are given the step's count add up.
  virtual Variable loss(std::span<const int64_t> examples, double count) const = 0;
  // The same, and each term by itself, undivided, example by example: [terms]. Of data that have parts.
  virtual Variable loss_and_terms(std::span<const int64_t> examples, double count, Tensor& terms) const;
  // The numbers by which the model says something of these examples, before anything is made of them: logits, vectors,
  // or the losses of a target's tokens; to compare two models by.
  virtual std::vector<float> outputs(std::span<const int64_t> examples) const = 0;
  // See TrainingTask.
  virtual bool batches_decide_loss() const { return false; }
  // Can one example be learnt by itself? Not where it is told from the others of its micro-batch.
  virtual bool is_learnt_alone() const { return true; }
  // Draws anew, by the epoch, what of the examples is drawn (masks of words). Called before the first step of an epoch.
  virtual void begin_epoch(int64_t /*epoch*/) {}
  // These will be asked for next, in that order: what is read from files may be read ahead (models/input/read_ahead.h).
  virtual void expect(std::span<const int64_t> /*examples*/) const {}
  // The same where they are judged, which may need less than what is learnt of them.
  virtual void expect_to_judge(std::span<const int64_t> examples) const { expect(examples); }
  // What the model says of these examples: in evaluation mode, without gradients.
  virtual std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const = 0;
  std::unique_ptr<Evaluation> evaluate() const;  // of all
  // From now on evaluations compute at most so many tokens at once (a single longer example still is computed): what
  // training takes, so that they never need more memory. 0: as many as is fast.
  virtual void bound_evaluation(int64_t tokens) { evaluation_tokens_ = tokens; }
  int64_t evaluation_tokens() const { return evaluation_tokens_; }
  // From now on what the frozen part at the bottom of the model gives for these examples is computed once, when it is
  // first asked for, and kept; as long as that part stays frozen: the freeze mask must be applied. Losses are those of
  // a run that keeps nothing and has called this, to the bit. Tells what will be kept; nothing where no part is frozen,
  // where the examples change from epoch to epoch, or where it would be used once.
  virtual KeptTexts keep_frozen(std::span<const int64_t> /*examples*/, const Keeping& /*how*/) { return {}; }
  KeptTexts keep_frozen(const Keeping& how);  // of all

  // What a person should know of how the file was read: rows passed over; of data that have parts, what of each did not
  // fit. One line each.
  virtual std::vector<std::string> notes() const { return {}; }
  virtual ShownExample show(int64_t example) const = 0;
  virtual int64_t cut(int64_t example) const = 0;  // its tokens that did not fit
  // Of each kind of text that an example has: "source", "target".
  struct CutPart {
    std::string_view name;
    int64_t tokens;
  };
  virtual std::vector<CutPart> cut_parts(int64_t example) const { return {{"text", cut(example)}}; }
  // Examples of one number are judged as one (windows of one long text); they follow one another. A sample of a file
  // has all of them or none.
  virtual int64_t group(int64_t example) const { return example; }
  // The first example of each group, in order: with these an Evaluation of all is numbered.
  std::vector<int64_t> first_of_groups() const;
  int64_t groups() const;
  // Examples of one number are alike (by their label), where a split should have as many of each; one number if no
  // split needs to care.
  virtual int64_t stratum(int64_t /*example*/) const { return 0; }
  // The part of the data that it is of, by its name, where they have parts (tasks of a mixture); else "".
  virtual std::string part(int64_t /*example*/) const { return {}; }
  bool has_parts() const { return size() > 0 && !part(0).empty(); }
  // Examples of one number stay together in a split: what the model sees of them is the same, or of one text.
  virtual uint64_t kin(int64_t example) const { return static_cast<uint64_t>(example); }

  // Checksums of what the model sees and of what it should say, under the task's names for them ("labels of the
  // texts"): by them a run knows its data again.
  virtual Fingerprint identity() const = 0;

  // The same examples for another opening of the same model.
  virtual std::unique_ptr<Examples> read_by(TaskModel& other) const = 0;
  // Of what is in files, so far.
  virtual ReadCounts read_ahead() const { return {}; }

  virtual ExampleWords words() const { return {}; }
  // What is read of beside the file of data: pictures, sounds.
  virtual std::vector<std::string> files() const { return {}; }

 private:
  int64_t evaluation_tokens_ = 0;
};

// What to predict, and how to write it.
struct PredictionRequest {
  std::string file;                // of rows
  std::istream* stream = nullptr;  // if there is one, of rows instead
  std::string stream_name = "standard input";
  std::optional<TableFormat> format = {};  // absent: by the file's name; of a stream, lines
  bool as_json = false;                    // a JSON object a line, else tab-separated values under a header

  // Of tasks that write texts.
  // The texts alone, as they are, a line break behind each; an empty line between rows that have several.
  bool as_text = false;
  int64_t batch_size = 0;  // rows that are computed at once; 0: as many as is fast
  // Where one row is read at a time, and one text written for it, without beams: gets the text's parts as they are
  // written (no part ends within a character); what next() gives is what comes behind it.
  std::function<void(std::string_view)> on_text = {};

  // Of tasks that take them (Task::takes_several_files): behind `file`, which is one of them then.
  std::vector<std::string> more_files = {};
};

// Predictions of rows, in their order, as text. The model must outlive it.
class Predictor {
 public:
  virtual ~Predictor() = default;
  // Of what is to come; and, once next() was false, of what came: texts that were cut. One line each.
  virtual std::vector<std::string> warnings() const { return {}; }
  virtual std::vector<std::string> notes() const { return {}; }
  // What stands above the predictions; empty if nothing does.
  virtual std::string header() const = 0;
  // Reads up to `rows` rows and puts their predictions into `lines`; false if there were none left.
  virtual bool next(int64_t rows, std::string& lines) = 0;
};

class TaskModel {
 public:
  virtual ~TaskModel() = default;

  virtual ParameterStore& store() = 0;
  virtual const LoadReport& report() const = 0;
  // Of the options it was opened with: what changes nothing. One line each.
  virtual std::vector<std::string> warnings() const { return {}; }
  // What it learns, in a few words: "regression (1 labels)".
  virtual std::string description() const = 0;
  // Keep less for gradients, and compute it again.
  virtual void set_checkpointing(bool on) = 0;
  // Rules of a mask file that say what is trained where nobody says it; empty: all of it is.
  virtual std::string usual_rules() const { return {}; }
  // Is what is saved without being asked for what changed of a base alone, where a part of it is frozen?
  virtual bool is_usually_a_change() const { return false; }
  // See TrainingTask.
  virtual void after_step() {}
  virtual std::vector<std::string> metric_names() const = 0;

  // Throws std::runtime_error naming file and line: a broken row, a label that is not the model's.
  virtual std::unique_ptr<Examples> read(const std::string& file) = 0;
  // To judge by, of what an option of the task names (OwnData): null where none does.
  virtual std::unique_ptr<Examples> own_validation() { return nullptr; }
  virtual std::unique_ptr<Examples> own_test() { return nullptr; }
  // So many made-up examples, each as long as the model takes them: to plan without data.
  virtual std::unique_ptr<Examples> longest(int64_t count) = 0;
  virtual std::unique_ptr<Predictor> predictor(const PredictionRequest& request) = 0;

  // The same on a device that computes nothing (tensor/dry_device.h), without the model's numbers.
  virtual std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const = 0;

  // Once the weights are final: what else of the model is found on the validation data (a threshold). `validation` is
  // counted by it from there on, as is all that is evaluated, predicted or saved later. A line that tells of it; empty:
  // there is nothing to find.
  virtual std::string fit_after_training(Evaluation& /*validation*/) { return {}; }

  // What of the model decides a run's numbers, weights apart: labels, switches, tokenizer.
  virtual Fingerprint identity() const = 0;
  // What decides how evaluations count: a run in which they decide something must keep it.
  virtual Fingerprint judging_identity() const { return {}; }
  // A directory as the reference library loads it, and what it is for.
  void save(const std::string& directory, const SaveOptions& options = {}) const;
  // What of a saved directory tells of its task, alone.
  void save_record(const std::string& directory) const;
  void set_record(TaskRecord record) { record_ = std::move(record); }

 protected:
  virtual void save_model(const std::string& directory, const SaveOptions& options) const = 0;

  // Gives an option that saved directories keep another value.
  void keep(std::string_view option, Json value);

 private:
  std::optional<TaskRecord> record_;
};

}  // namespace thaw
