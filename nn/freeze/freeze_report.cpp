// SPDX-License-Identifier: Apache-2.0
// Counts what is trained and frozen, by layer.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "nn/attention_prefix.h"
#include "nn/freeze/freeze_report.h"
#include "nn/name_path.h"
#include "nn/product.h"
#include "nn/soft_prompt.h"

namespace thaw {
namespace {

std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= name.size();) {
    const size_t end = std::min(name.find('.', begin), name.size());
    parts.push_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool is_number(const std::string& part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The first parts of the names that have a number in them: "bert" of "bert.encoder.layer.0.output.dense.weight".
std::set<std::string> layered_models(const ParameterStore& store) {
  std::set<std::string> found;
  for (const Parameter& p : store.all()) {
    const auto parts = parts_of(p.name());
    if (std::any_of(parts.begin(), parts.end(), is_number)) found.insert(parts[0]);
  }
  return found;
}

// A name up to its first number: "bert.encoder.layer.3"; without one its first part: "classifier"; or its first two
// where the first is that of layers too: "bert.embeddings".
std::string group_of(const std::string& name, const std::set<std::string>& layered) {
  const auto parts = parts_of(name);
  const auto number = std::find_if(parts.begin(), parts.end(), is_number);
  auto end = number == parts.end() ? parts.begin() + (layered.contains(parts[0]) ? 2 : 1) : number + 1;
  std::string group = parts[0];
  for (auto it = parts.begin() + 1; it < std::min(end, parts.end()); ++it) group += "." + *it;
  return group;
}

int64_t numbers_of_gradient(const Parameter& p) {
  const auto& rows = p.trained_rows();
  return rows ? p.value().numel() / p.value().size(0) * rows->count() : p.value().numel();
}

bool is_as_begun(const Parameter& p) { return p.frozen() && !p.changed().any(); }

// Prompts and prefixes: what other adapters begin with is without effect.
std::vector<Parameter> rows_as_begun(const ParameterStore& store) {
  std::vector<Parameter> all;
  for (const auto& prompt : store.soft_prompts())
    if (prompt->count() > 0) all.push_back(prompt->rows);
  for (const auto& prefix : store.attention_prefixes())
    for (const Parameter& p : prefix->parameters()) all.push_back(p);
  std::erase_if(all, [](const Parameter& p) { return !is_as_begun(p); });
  return all;
}

}  // namespace

std::vector<std::string> adapters_without_effect(const ParameterStore& store) {
  int64_t low_ranks = 0, scalings = 0, bottlenecks = 0;
  for (const auto& product : store.products()) {
    if (const auto& on = product->low_rank)
      low_ranks += is_as_begun(on->b) && (!on->magnitude.defined() || is_as_begun(on->magnitude));
    if (const auto& on = product->scaling) scalings += is_as_begun(on->factors);
    if (const auto& on = product->bottleneck) bottlenecks += is_as_begun(on->up) && is_as_begun(on->up_bias);
  }
  std::vector<std::string> lines;
  const auto tell = [&](const char* kind, int64_t count) {
    if (count > 0)
      lines.push_back(fmt::format("{} on {} product{} stays as it begins, frozen: without effect", kind, count,
                                  count == 1 ? "" : "s"));
  };
  tell("LoRA", low_ranks);
  tell("IA3", scalings);
  tell("a bottleneck adapter", bottlenecks);
  return lines;
}

std::vector<std::string> freeze_groups(const ParameterStore& store) {
  const std::set<std::string> layered = layered_models(store);
  std::vector<std::string> groups;
  for (const Parameter& p : store.all()) groups.push_back(group_of(p.name(), layered));
  return groups;
}

FreezeReport freeze_report(const ParameterStore& store) {
  FreezeReport report;
  const std::vector<std::string> groups = freeze_groups(store);
  const std::vector<Parameter> random = rows_as_begun(store);
  for (size_t i = 0; i < groups.size(); ++i) {
    const Parameter& p = store.all()[i];
    const std::string& name = groups[i];
    auto group =
        std::find_if(report.groups.begin(), report.groups.end(), [&](const auto& g) { return g.name == name; });
    if (group == report.groups.end()) group = report.groups.insert(group, {name});
    const int64_t all = p.value().numel();
    const int64_t trained = p.trained_numbers();
    // What a mask holds still has a gradient and moments as well.
    const int64_t held = p.trained_elements().empty() || p.frozen() ? trained : numbers_of_gradient(p);
    const bool is_new = (store.new_in_part() && std::ranges::count(store.initialised(), p.name()) > 0) ||
                        std::ranges::any_of(random, [&](const Parameter& other) { return other.same(p); });
    if (trained == 0 && is_new) report.new_and_frozen.push_back(p.name());
    group->trained += trained;
    group->frozen += all - trained;
    report.trained += trained;
    report.frozen += all - trained;
    const int64_t bytes = held * static_cast<int64_t>(size_of(p.value().dtype()));
    report.gradient_bytes += bytes;
    report.optimizer_bytes += 2 * bytes;
  }
  return report;
}

std::vector<std::string> frozen_above_trained(const FreezeReport& report,
                                              const std::vector<std::vector<std::string>>& parallel) {
  const size_t whole = parallel.size();
  std::vector<const FreezeReport::Group*> below(whole + 1);  // of each side, and of the whole, the last one trained
  std::vector<std::string> lines;
  const auto side_of = [&](size_t i) {
    const std::string& name = report.groups[i].name;
    const auto is_of = [&](const std::vector<std::string>& side) {
      return std::ranges::any_of(side, [&](const std::string& one) { return is_below(name, one); });
    };
    return static_cast<size_t>(std::ranges::find_if(parallel, is_of) - parallel.begin());
  };
  const auto is_frozen = [&](size_t i) { return report.groups[i].trained == 0 && report.groups[i].is_ruled; };
  for (size_t i = 0; i < report.groups.size(); ++i) {
    const size_t side = side_of(i);
    if (report.groups[i].trained > 0) below[side] = below[whole] = &report.groups[i];
    if (!is_frozen(i) || !below[side]) continue;
    const size_t first = i;  // neighbours are told in one line
    while (i + 1 < report.groups.size() && is_frozen(i + 1) && side_of(i + 1) == side) ++i;
    const bool one = first == i;
    lines.push_back(fmt::format("{}{} {} frozen, but {} what trained parts below {} ({})", report.groups[first].name,
                                one ? "" : fmt::format(" to {}", report.groups[i].name), one ? "is" : "are",
                                one ? "reads" : "read", one ? "it give" : "them give", below[side]->name));
  }
  return lines;
}

}  // namespace thaw
