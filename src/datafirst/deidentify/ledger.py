"""What leaves, in words that a data owner can compare? One line for each variable."""

from datafirst.spec import Share, Specification, Treatment


def ledger(spec: Specification, share: Share) -> str:
    """The release ledger of a share: table, variable, role, and what becomes of it."""
    lines = [f"{share.id}: {share.title}", ""]
    for table in share.tables.values():
        lines += [f"{table.name}: {table.grain}"]
        for variable in table:
            treatment = spec.treatment(variable)
            kind = f" as {variable.identifies}" if treatment is Treatment.PSEUDONYMISE else ""
            lines.append(f"  {variable.name:<32} {variable.role:<18} {treatment}{kind}")
        lines.append("")
    return "\n".join(lines)
