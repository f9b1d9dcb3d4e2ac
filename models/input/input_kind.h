// SPDX-License-Identifier: Apache-2.0
// What a model reads.
#pragma once

#include <string_view>

namespace thaw {

enum class InputKind {
  texts,
  pictures,
  sounds,
  films,
  questions,  // texts, each about a picture
};

// Does such a model have a tokenizer?
constexpr bool reads_texts(InputKind kind) { return kind == InputKind::texts || kind == InputKind::questions; }

// In the words of messages: "texts".
constexpr std::string_view name_of(InputKind kind) {
  switch (kind) {
    case InputKind::texts: return "texts";
    case InputKind::pictures: return "pictures";
    case InputKind::sounds: return "sounds";
    case InputKind::films: return "films";
    case InputKind::questions: return "questions about pictures";
  }
  return {};
}

// One of them: "text".
constexpr std::string_view one_of(InputKind kind) {
  if (kind == InputKind::questions) return "question about a picture";
  return name_of(kind).substr(0, name_of(kind).size() - 1);
}

}  // namespace thaw
