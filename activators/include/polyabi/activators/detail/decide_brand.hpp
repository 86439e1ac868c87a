// Implementation of brand.hpp.
#pragma once

namespace polyabi::activators {

namespace detail {

/// OS numbers of the GNU ABI tag (LSB Core, "Note Sections"; glibc's csu/abi-tag.h): the first word of the descriptor.
constexpr std::string_view gnu_abi_tag_system(u32 number) {
  constexpr std::string_view names[] = {"Linux"sv, "Hurd"sv, "Solaris"sv, "FreeBSD"sv, "NetBSD"sv, "Syllable"sv, "NaCl"sv};
  return number < std::size(names) ? names[number] : std::string_view{};
}

constexpr bool note_matches(const note_fact& note, const brand_rules& rules) {
  if (!is_abi_tag(note)) return false;
  for (std::string_view owner : rules.note_owners) {
    if (note.owner.view() != owner) continue;
    // The owner GNU stands for several systems; every other owner is one.
    if (owner != "GNU"sv || elf::load32(note.descriptor.data()) == rules.gnu_note_system) return true;
  }
  return false;
}

/// SCCS marks (`@(#)`) before a comment are no part of it.
constexpr std::string_view comment_text(std::string_view comment) {
  if (comment.starts_with("@(#)"sv)) comment.remove_prefix(4);
  while (!comment.empty() && comment.front() == ' ') comment.remove_prefix(1);
  return comment;
}

/// Calls `visit` with each string of .comment until it answers true.
template <class Visit>
constexpr bool any_comment(const image_facts& facts, Visit visit) {
  std::string_view rest = facts.comments.view();
  while (!rest.empty()) {
    const std::string_view comment = until_nul(rest);
    if (!comment.empty() && visit(comment)) return true;
    rest.remove_prefix(comment.size() < rest.size() ? comment.size() + 1 : comment.size());
  }
  return false;
}

/// Interpreters that one system alone has: whoever claims none of them, programs with them are that system's and not the
/// fallback's.
struct known_interpreter {
  std::string_view path, system;
};
inline constexpr known_interpreter known_interpreters[] = {
    {"/lib/amd64/ld.so.1"sv, "Solaris"sv},     {"/usr/lib/amd64/ld.so.1"sv, "Solaris"sv},
    {"/lib/64/ld.so.1"sv, "Solaris"sv},        {"/usr/lib/64/ld.so.1"sv, "Solaris"sv},
    {"/libexec/ld-elf.so.1"sv, "FreeBSD"sv},   {"/usr/libexec/ld-elf.so.2"sv, "DragonFly"sv},
    {"/libexec/ld-elf.so.2"sv, "DragonFly"sv}, {"/usr/libexec/ld.elf_so"sv, "NetBSD"sv},
    {"/libexec/ld.elf_so"sv, "NetBSD"sv},      {"/usr/libexec/ld.so"sv, "OpenBSD"sv},
};

/// The gate that tells most: `lcall` is seven bytes and never there by chance; of the two-byte ones the most frequent.
constexpr int telling_gate(const image_facts& facts) {
  if (facts.of(gate::lcall7).count != 0) return static_cast<int>(gate::lcall7);
  if (facts.of(gate::lcall27).count != 0) return static_cast<int>(gate::lcall27);
  int best = -1;
  for (gate which : {gate::syscall64, gate::int80, gate::int91, gate::intd2}) {
    const int index = static_cast<int>(which);
    if (facts.of(which).count != 0 && (best < 0 || facts.of(which).count > facts.gates[static_cast<usize>(best)].count))
      best = index;
  }
  return best;
}

constexpr std::string_view gate_name(gate which) {
  switch (which) {
  case gate::syscall64: return "syscall"sv;
  case gate::int80: return "int $0x80"sv;
  case gate::lcall7: return "lcall $7,$0"sv;
  case gate::lcall27: return "lcall $0x27,$0"sv;
  case gate::lcall0f: return "lcall $0xf,$0"sv;
  case gate::int91: return "int $0x91"sv;
  case gate::intd2: return "int $0xd2"sv;
  }
  return {};
}

/// One rule for one brand. Fills reason, evidence and number of `found` if it answers true.
inline bool rule_holds(brand_rule rule, const image_facts& facts, const named_brand& brand, const brand_options& options,
                       brand_finding& found) {
  const brand_rules& rules = *brand.rules;
  switch (rule) {
  case brand_rule::none: return false;
  case brand_rule::explicit_choice:
    found.reason = "the personality was chosen explicitly"sv;
    found.evidence = brand.name;
    return options.choice == brand.name;
  case brand_rule::os_abi:
    for (u8 value : rules.os_abi) {
      if (value != facts.os_abi) continue;
      found.reason = "EI_OSABI has a value of this system"sv;
      found.evidence = os_abi_name(value);
      found.number = value;
      return true;
    }
    return false;
  case brand_rule::note:
    for (const note_fact& note : facts.notes()) {
      if (!note_matches(note, rules)) continue;
      found.reason = "an ABI-tag note has an owner of this system"sv;
      found.evidence = note.owner.view();
      found.number = elf::load32(note.descriptor.data());
      return true;
    }
    return false;
  case brand_rule::interpreter:
    for (std::string_view path : rules.interpreters) {
      if (!facts.dynamic || path != facts.interpreter) continue;
      found.reason = "the interpreter is one of this system"sv;
      found.evidence = facts.interpreter;
      return true;
    }
    return false;
  case brand_rule::old_brand:
    found.reason = "the identification carries this system's old brand"sv;
    found.evidence = facts.old_brand.view();
    return !rules.old_brand.empty() && rules.old_brand == facts.old_brand.view();
  case brand_rule::comment:
    return any_comment(facts, [&](std::string_view comment) {
      for (std::string_view beginning : rules.comments) {
        if (!comment_text(comment).starts_with(beginning)) continue;
        found.reason = "a comment begins as this system's tools write it"sv;
        found.evidence = comment_text(comment);
        return true;
      }
      return false;
    });
  case brand_rule::text_start:
    for (u32 start : rules.coff_text) {
      if (facts.format != file_format::coff || start != facts.text_start) continue;
      found.reason = "the text begins where this system's linker puts it"sv;
      found.evidence = "text"sv;
      found.number = start;
      return true;
    }
    return false;
  case brand_rule::format:
    found.reason = "executables of this format are this system's"sv;
    found.evidence = "COFF"sv;
    return facts.format == file_format::coff && rules.coff == image_claim::all;
  case brand_rule::gate: {
    const int which = telling_gate(facts);
    if (!facts.gates_scanned || which < 0) return false;
    for (gate own : rules.gates) {
      if (static_cast<int>(own) != which) continue;
      found.reason = "a static image without marks enters the kernel as this system's do"sv;
      found.evidence = gate_name(own);
      found.number = facts.of(own).first;
      return true;
    }
    return false;
  }
  case brand_rule::fallback:
    found.reason = "nothing marks it, and this is the fallback"sv;
    found.evidence = brand.name;
    return options.fallback == brand.name;
  }
  return false;
}

/// The marks that an image itself has, in the order in which they count.
inline constexpr brand_rule image_rules[] = {brand_rule::os_abi,    brand_rule::note,    brand_rule::interpreter,
                                             brand_rule::old_brand, brand_rule::comment, brand_rule::text_start,
                                             brand_rule::format};

/// Whether a brand could have this image at all: of its architecture, and of a format that the system has.
constexpr bool could_have(const named_brand& brand, const image_facts& facts) {
  return brand.arch == facts.arch && (facts.format == file_format::elf || brand.rules->coff != image_claim::none);
}

constexpr bool is_variant(const named_brand& brand) {
  return family_of(brand.name).size() != brand.name.size();
}

/// The first brand for which the rule holds: among the personalities, among the variants of one, or among all.
enum class brand_group : u8 { personalities, variants, all };
inline bool find_by_rule(brand_rule rule, brand_group group, std::string_view family, const image_facts& facts,
                         std::span<const named_brand> brands, const brand_options& options, brand_finding& found,
                         usize& index) {
  for (usize i = 0; i < brands.size(); ++i) {
    const bool in_group = group == brand_group::all ||
                          (group == brand_group::variants ? is_variant(brands[i]) && family_of(brands[i].name) == family
                                                          : !is_variant(brands[i]));
    brand_finding holds;
    if (!in_group || !could_have(brands[i], facts) || !rule_holds(rule, facts, brands[i], options, holds)) continue;
    holds.rule = rule;
    found = holds;
    index = i;
    return true;
  }
  return false;
}

/// The personality, or the very brand that was named.
inline brand_decision decide_personality(const image_facts& facts, std::span<const named_brand> brands,
                                         const brand_options& options) {
  brand_decision decision;
  const auto decides = [&](brand_rule rule, brand_group group) {
    return find_by_rule(rule, group, {}, facts, brands, options, decision, decision.index);
  };
  if (!options.choice.empty()) {
    (void)decides(brand_rule::explicit_choice, brand_group::all);
    return decision; // a choice that does not fit the image is an answer too: nobody
  }
  for (brand_rule rule : image_rules)
    if (decides(rule, brand_group::personalities)) return decision;
  if (!marked_system(facts).empty()) return decision;
  if (decides(brand_rule::gate, brand_group::personalities)) return decision;
  if (!options.fallback.empty()) (void)decides(brand_rule::fallback, brand_group::all);
  return decision;
}

} // namespace detail

constexpr std::string_view rule_name(brand_rule rule) {
  switch (rule) {
  case brand_rule::none: return "none"sv;
  case brand_rule::explicit_choice: return "explicit choice"sv;
  case brand_rule::os_abi: return "EI_OSABI"sv;
  case brand_rule::note: return "note"sv;
  case brand_rule::interpreter: return "interpreter"sv;
  case brand_rule::old_brand: return "old brand"sv;
  case brand_rule::comment: return "comment"sv;
  case brand_rule::text_start: return "text start"sv;
  case brand_rule::format: return "format"sv;
  case brand_rule::gate: return "gate"sv;
  case brand_rule::fallback: return "fallback"sv;
  }
  return {};
}

constexpr std::string_view os_abi_name(u8 value) {
  switch (value) {
  case 0: return "System V"sv;
  case 1: return "HP-UX"sv;
  case 2: return "NetBSD"sv;
  case 3: return "Linux"sv;
  case 6: return "Solaris"sv;
  case 7: return "AIX"sv;
  case 8: return "IRIX"sv;
  case 9: return "FreeBSD"sv;
  case 10: return "Tru64"sv;
  case 11: return "Modesto"sv;
  case 12: return "OpenBSD"sv;
  case 13: return "OpenVMS"sv;
  case 14: return "NonStop"sv;
  case 15: return "AROS"sv;
  case 16: return "FenixOS"sv;
  case 17: return "CloudABI"sv;
  case 18: return "OpenVOS"sv;
  case 255: return "standalone"sv;
  default: return {};
  }
}

inline std::string_view marked_system(const image_facts& facts) {
  if (facts.os_abi != 0) {
    const std::string_view name = os_abi_name(facts.os_abi);
    return name.empty() ? "an unknown EI_OSABI"sv : name;
  }
  for (const note_fact& note : facts.notes()) {
    if (!detail::is_abi_tag(note)) continue;
    if (note.owner.view() == "GNU"sv) return detail::gnu_abi_tag_system(elf::load32(note.descriptor.data()));
    for (std::string_view owner : {"FreeBSD"sv, "NetBSD"sv, "OpenBSD"sv, "DragonFly"sv}) {
      if (note.owner.view() == owner) return owner;
    }
  }
  for (const detail::known_interpreter& known : detail::known_interpreters)
    if (facts.dynamic && facts.interpreter == known.path) return known.system;
  return {};
}

inline brand_decision decide_brand(const image_facts& facts, std::span<const named_brand> brands,
                                   const brand_options& options) {
  brand_decision decision = detail::decide_personality(facts, brands, options);
  if (!decision || detail::is_variant(brands[decision.index])) return decision;
  const std::string_view family = brands[decision.index].name;
  for (brand_rule rule : detail::image_rules) {
    if (detail::find_by_rule(rule, detail::brand_group::variants, family, facts, brands, options, decision.variant,
                             decision.index))
      break;
  }
  return decision;
}

template <class K>
brand_decision decide_brand(const image_facts& facts, std::span<const abi<K>* const> personalities,
                            const brand_options& options) {
  std::array<named_brand, max_personalities> brands{};
  const usize count = personalities.size() < brands.size() ? personalities.size() : brands.size();
  for (usize i = 0; i < count; ++i) brands[i] = {personalities[i]->name, personalities[i]->arch, &personalities[i]->brand};
  return decide_brand(facts, std::span<const named_brand>{brands.data(), count}, options);
}

} // namespace polyabi::activators
