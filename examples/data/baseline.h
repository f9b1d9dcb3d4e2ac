// SPDX-License-Identifier: Apache-2.0
// What a classifier must beat: the most frequent class, logistic regression on TF-IDF or on vectors made once.
#pragma once

#include <string>
#include <vector>

#include "examples/data/labelled_texts.h"
#include "examples/data/sparse.h"

namespace thaw {

// Trains TF-IDF + logistic regression (penalty 1 / C) and returns the share of the test texts that get their label.
double tfidf_accuracy(const LabelledTexts& train, const LabelledTexts& test, double c);

// Trains logistic regression (penalty 1 / C) on rows with their labels, and returns the share of the test's rows that
// get their label.
double linear_accuracy(const SparseMatrix& train, const std::vector<std::string>& train_labels,
                       const SparseMatrix& test, const std::vector<std::string>& test_labels, double c);

}  // namespace thaw
