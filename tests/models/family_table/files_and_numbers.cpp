// SPDX-License-Identifier: Apache-2.0
// What every family can do without being trained: files, devices, evaluations, predictions.
#include <doctest/doctest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "models/families.h"
#include "models/hub/config.h"
#include "models/model_types.h"
#include "tests/file_bytes.h"
#include "tests/models/family_table/family_row.h"

using namespace thaw;

namespace {

// Texts word by word; numbers as far as products in other batches are the same.
bool are_the_same(const std::string& a, const std::string& b) {
  std::istringstream one(a), other(b);
  const auto number = [](const std::string& word, double& value) {
    const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
    return read.ec == std::errc() && read.ptr == word.data() + word.size();
  };
  for (std::string word, same; one >> word;) {
    double x = 0, y = 0;
    if (!(other >> same)) return false;
    if (word == same) continue;
    if (!number(word, x) || !number(same, y) || std::abs(x - y) > 1e-4 * std::abs(y)) return false;
  }
  std::string more;
  return !(other >> more);
}

}  // namespace

TEST_CASE("every family: it has a row in this table for each thing that it is pretrained by, classifies or writes") {
  std::map<std::string, std::set<std::string>> tasks;
  std::map<std::string, const FamilyRow*> of_texts;
  for (const FamilyRow& row : family_rows()) {
    tasks[row.model_type].insert(row.task);
    of_texts.try_emplace(row.model_type, &row);
  }
  const std::pair<const char*, const char*> heads[] = {{"ForSequenceClassification", "classification"},
                                                       {"LMHeadModel", "lm"},
                                                       {"ForMaskedLM", "mlm"},
                                                       {"ForPreTraining", "pretraining"}};
  for (const std::string& type : text_model_types()) {
    INFO(type);
    REQUIRE(of_texts.contains(type));
    const SmallFamily small(*of_texts.at(type));
    const auto config = read_config_json(small.directory);
    const ModelFamily& family = family_of(config);
    CHECK(tasks.at(type).contains("text2text") == (family.open_writer != nullptr));
    CHECK(tasks.at(type).contains("frozen") == (family.open_body != nullptr));
    const auto checkpoint = family.open ? family.open(small.directory, FirstWeights::checkpoint) : nullptr;
    for (const auto& head : heads) {
      INFO(head.second);
      CHECK(tasks.at(type).contains(head.second) == (checkpoint && checkpoint->has(head.first)));
    }
  }
}

TEST_CASE("every family: what is saved is read again with the same bits, and saved as the same bytes") {
  for (const FamilyRow& row : family_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row);
    const OpenedFamily first(small);
    first.model->save(small.folder / "first");
    const OpenedFamily again(small, small.folder / "first");
    CHECK(again.model->report().initialised.empty());
    CHECK(again.model->report().unexpected.empty());
    CHECK(values_of(again.store()) == values_of(first.store()));
    CHECK(again.outputs() == first.outputs());
    again.model->save(small.folder / "again");
    for (const char* file : {"model.safetensors", "config.json"}) {
      INFO(file);
      CHECK(read_bytes(small.folder / (std::string("again/") + file)) ==
            read_bytes(small.folder / (std::string("first/") + file)));
    }
  }
}

TEST_CASE("every family: the device's outputs are those of the reference backend") {
  for (const FamilyRow& row : family_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row);
    const std::vector<float> here = OpenedFamily(small).outputs(),
                             reference = OpenedFamily(small, Device::open("reference")).outputs();
    REQUIRE(here.size() == reference.size());
    double apart = 0, most = 0;
    for (size_t i = 0; i < here.size(); ++i) {
      apart = std::max(apart, std::abs(static_cast<double>(here[i]) - reference[i]));
      most = std::max(most, std::abs(static_cast<double>(reference[i])));
    }
    CHECK(most > 0);
    CHECK(apart <= 1e-5 * most);
  }
}

TEST_CASE("every family: evaluations have the loss that training has, and every metric that is named") {
  for (const FamilyRow& row : family_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row);
    const OpenedFamily opened(small);
    const Metrics metrics = opened.examples->evaluate()->metrics();
    std::set<std::string> names;
    double loss = 0;
    for (const auto& [name, value] : metrics) {
      names.insert(name);
      if (name == "loss") loss = value;
    }
    for (const std::string& name : opened.model->metric_names()) {
      INFO(name);
      CHECK(names.contains(name));
    }
    if (row.draws_examples) {  // evaluations draw their own, the same at any time
      opened.examples->begin_epoch(1);
      CHECK(opened.examples->evaluate()->metrics() == metrics);
      CHECK(std::isfinite(loss));
    } else {
      CHECK(loss == doctest::Approx(opened.loss().item()).epsilon(1e-5));
    }
  }
}

TEST_CASE("every family: it predicts, or writes, a line for each row, the same whatever is beside it") {
  for (const FamilyRow& row : family_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row);
    const std::string file = small.folder.write(row.rows_file, row.rows).string();
    OpenedFamily opened(small);
    const auto lines_of = [&](int64_t at_once) {
      const auto predictor = opened.model->predictor({.file = file});
      std::string all;
      for (std::string some; predictor->next(at_once, some); some.clear()) all += some;
      return all;
    };
    const std::string together = lines_of(100);
    CHECK(std::count(together.begin(), together.end(), '\n') == row.predicted);
    CHECK(are_the_same(lines_of(1), together));
  }
}
