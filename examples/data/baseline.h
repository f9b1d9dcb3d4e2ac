// SPDX-License-Identifier: Apache-2.0
// What a classifier must beat: the most frequent class, and logistic regression on TF-IDF.
#pragma once

#include "examples/data/labelled_texts.h"

namespace thaw {

// Trains TF-IDF + logistic regression (penalty 1 / C) and returns the share of the test texts that get their label.
double tfidf_accuracy(const LabelledTexts& train, const LabelledTexts& test, double c);

}  // namespace thaw
