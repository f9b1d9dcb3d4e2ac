// SPDX-License-Identifier: Apache-2.0
// What an evaluation found, for people and as JSON.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/metrics/bootstrap.h"
#include "models/metrics/classes.h"
#include "models/tasks/task_model.h"
#include "nn/train/metrics.h"
#include "tensor/io/json.h"

namespace thaw {

struct ReportOptions {
  BootstrapOptions bootstrap = {};  // 0 samples: no intervals
  int64_t worst = 10;               // of the examples that are wrong
};

class EvaluationReport {
 public:
  // evaluation: of all examples, in their order.
  EvaluationReport(const Examples& examples, const Evaluation& evaluation, const ReportOptions& options);

  // Tables: metrics, classes, which was taken for which (of few classes), the most wrong examples.
  std::string to_text() const;
  // All of it. A number that is not finite is null.
  Json to_json() const;

  const std::optional<ConfusionMatrix>& confusion() const { return confusion_; }
  std::vector<std::string> class_names() const;

 private:
  struct Wrong {
    ShownExample example;
    Evaluation::Judgement judgement;
  };
  struct Mean {
    std::string name;
    PrecisionRecall scores;
  };
  std::vector<Mean> means() const;
  std::string metrics_text() const;
  std::string classes_text() const;
  std::string confusion_text() const;
  std::string worst_text() const;

  ExampleWords words_;
  int64_t examples_;
  BootstrapOptions bootstrap_;
  Metrics metrics_;
  std::map<std::string, ConfidenceInterval> intervals_;
  std::vector<Evaluation::ClassScores> classes_;
  std::optional<ConfusionMatrix> confusion_;
  std::vector<Wrong> worst_;  // the most wrong first
  bool says_words_ = false;   // what is said of an example can be told
};

}  // namespace thaw
