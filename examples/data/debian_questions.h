// SPDX-License-Identifier: Apache-2.0
// Questions about Debian's packages, made from their fields, on texts that tell these fields in sentences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "examples/data/debian_packages.h"
#include "examples/data/squad.h"

namespace thaw {

struct QuestionsOptions {
  size_t texts = 0;           // to make; fewer if the packages are used up
  std::string name;           // ids are NAME.TEXT.QUESTION
  size_t held_out = 2;        // so many wordings of each table's end are not asked in ...
  bool all_wordings = false;  // ... unless all are
  uint64_t seed = 1;
};

// Texts with five questions each. A text tells of 2 or 3 packages, one in fifteen of 9 to 11 (most of these are longer
// than 384 tokens), each package in one text only, drawn at random: what it is for, the first sentence of its
// description (one in four), and 2 or 3 of maintainer, version, homepage, section, size, needs, source in random order,
// each in one of several wordings (question_wordings.h). A question asks for a fact of one package, or (one in four)
// for the package that a fact is true of, if it is true of one only; never the same twice. One question in three has no
// answer: half of these ask for a fact of a package of the text that is not told, the others for one of a package that
// is elsewhere, by its name or by a fact.
std::vector<QuestionedText> debian_questions(const std::vector<DebianPackage>& packages,
                                             const QuestionsOptions& options);

}  // namespace thaw
