// SPDX-License-Identifier: Apache-2.0
// The classical baseline.
#include "examples/data/baseline.h"

#include <map>

#include "examples/data/logistic_regression.h"
#include "examples/data/tfidf.h"

namespace thaw {

double tfidf_accuracy(const LabelledTexts& train, const LabelledTexts& test, double c) {
  const Tfidf tfidf(train.texts);
  return linear_accuracy(tfidf.transform(train.texts), train.labels, tfidf.transform(test.texts), test.labels, c);
}

double linear_accuracy(const SparseMatrix& train, const std::vector<std::string>& train_labels,
                       const SparseMatrix& test, const std::vector<std::string>& test_labels, double c) {
  std::map<std::string, int> class_of;
  for (const auto& label : train_labels) class_of.emplace(label, 0);
  int classes = 0;
  for (auto& [label, index] : class_of) index = classes++;

  std::vector<int> targets;
  for (const auto& label : train_labels) targets.push_back(class_of.at(label));
  const auto predicted = LogisticRegression(train, targets, classes, c).predict(test);
  int right = 0;
  for (size_t i = 0; i < predicted.size(); ++i) {
    const auto found = class_of.find(test_labels[i]);
    right += found != class_of.end() && found->second == predicted[i];
  }
  return right / static_cast<double>(predicted.size());
}

}  // namespace thaw
