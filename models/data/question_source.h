// SPDX-License-Identifier: Apache-2.0
// One form of files with questions; what is the same in all of them.
#pragma once

#include <memory>
#include <string>

#include "models/data/line_reader.h"
#include "models/data/questions.h"
#include "tensor/io/json.h"

namespace thaw {

class QuestionSource {
 public:
  virtual ~QuestionSource() = default;
  virtual bool next(Question& question) = 0;  // false at the end
};

std::unique_ptr<QuestionSource> make_row_source(LineReader lines);
// All of SQuAD's JSON.
std::unique_ptr<QuestionSource> make_squad_source(Json json);

// The keys that rows and SQuAD's questions share: id (a row's number if it has none), question, answers.
void read_question(const Json& object, int64_t number, Question& question);

}  // namespace thaw
