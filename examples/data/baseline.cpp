// SPDX-License-Identifier: Apache-2.0
// The classical baseline.
#include "examples/data/baseline.h"

#include <map>

#include "examples/data/logistic_regression.h"
#include "examples/data/tfidf.h"

namespace thaw {

double tfidf_accuracy(const LabelledTexts& train, const LabelledTexts& test, double c) {
  std::map<std::string, int> class_of;
  for (const auto& label : train.labels) class_of.emplace(label, 0);
  int classes = 0;
  for (auto& [label, index] : class_of) index = classes++;

  std::vector<int> targets;
  for (const auto& label : train.labels) targets.push_back(class_of.at(label));
  const Tfidf tfidf(train.texts);
  const LogisticRegression regression(tfidf.transform(train.texts), targets, classes, c);

  const auto predicted = regression.predict(tfidf.transform(test.texts));
  int right = 0;
  for (size_t i = 0; i < predicted.size(); ++i) {
    const auto found = class_of.find(test.labels[i]);
    right += found != class_of.end() && found->second == predicted[i];
  }
  return right / static_cast<double>(predicted.size());
}

}  // namespace thaw
