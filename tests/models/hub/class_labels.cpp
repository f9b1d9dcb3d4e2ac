// SPDX-License-Identifier: Apache-2.0
// Names of classes: the ways in which configurations tell them, with the reference library's reading of each.
#include "models/hub/class_labels.h"

#include <doctest/doctest.h>

#include "tensor/io/json.h"

namespace thaw {

namespace {

using Labels = std::vector<std::string>;

struct Form {
  const char* text;
  Labels labels;
  const char* note;  // part of it; empty: there is none
};

// The number of labels is that of the reference library in each; its names are Python values, here as it prints them.
const Form forms[] = {
    {"{}", {}, ""},
    {R"({"id2label": null, "label2id": null, "num_labels": null})", {}, ""},
    {R"({"id2label": {"1": "b", "0": "a"}, "label2id": {"x": 0}})", {"a", "b"}, ""},
    {R"({"id2label": {"0": "a", "1": "b"}, "label2id": {"a": 1, "b": 0}})", {"a", "b"}, ""},
    {R"({"id2label": {"0": "a", "1": "b"}, "label2id": {"a": "0", "b": []}})", {"a", "b"}, ""},
    {R"({"id2label": {"0": 0, "1": 1, "2": 2}})", {"0", "1", "2"}, ""},
    {R"({"id2label": {"0": -1, "1": 1.5, "2": 2.0}})", {"-1", "1.5", "2.0"}, ""},
    {R"({"id2label": {"0": false, "1": true}})", {"False", "True"}, ""},
    {R"({"id2label": {"00": "a", "01": "b"}})", {"a", "b"}, ""},
    {R"({"id2label": {" 0": "a", "+1": "b"}})", {"a", "b"}, ""},
    {R"({"id2label": {"1": "a", "2": "b", "3": "c"}})",
     {"LABEL_0", "a", "b"},
     R"(id2label: its 3 classes are numbered from 0: class 0 has no name there and is called LABEL_0, "c" (3) is )"},
    {R"({"id2label": {"0": "a", "2": "b"}})", {"a", "LABEL_1"}, R"(class 1 has no name there and is called LABEL_1)"},
    {R"({"id2label": {"0": "a", "1": null}})", {"a", "LABEL_1"}, "class 1 has no name there"},
    {R"({"id2label": {"1": "LABEL_0", "2": "LABEL_1"}})",
     {"LABEL_0_", "LABEL_0"},
     R"("LABEL_1" (2) is the name of no)"},
    {R"({"id2label": {"-1": "a"}})", {"LABEL_0"}, R"("a" (-1) is the name of no class)"},
    {R"({"label2id": {"b": 1, "a": 0}})", {"a", "b"}, ""},
    {R"({"label2id": {"a": 1, "b": 2}})", {"LABEL_0", "a"}, R"("b" (2) is the name of no class)"},
    {R"({"num_labels": 2})", {"LABEL_0", "LABEL_1"}, ""},
    {R"({"num_labels": 2, "id2label": {"0": "a", "1": "b"}})", {"a", "b"}, ""},
    {R"({"num_labels": 3, "id2label": {"0": "a", "1": "b"}})",
     {"LABEL_0", "LABEL_1", "LABEL_2"},
     "num_labels: 3, but 2 labels have names: the classes are called LABEL_0 to LABEL_2"},
};

}  // namespace

TEST_CASE("class labels: each form is read as the reference library reads it") {
  for (const Form& form : forms) {
    CAPTURE(form.text);
    Labels notes;
    CHECK(read_class_labels(Json::parse(form.text, "config.json"), notes) == form.labels);
    REQUIRE(notes.size() == (*form.note ? 1 : 0));
    if (*form.note == 0) continue;
    CAPTURE(notes[0]);
    CHECK(notes[0].starts_with("config.json: "));
    CHECK(notes[0].find(form.note) != std::string::npos);
  }
}

}  // namespace thaw
