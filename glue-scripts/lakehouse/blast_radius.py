"""What a fault in a table reaches: every table and consumer downstream, by how many paths, and the longest of them."""


def blast_radius(plan: dict, table: str) -> list[dict]:
    """Everything downstream of a table, by name."""
    edges: dict[str, list[str]] = {}
    for reader in plan["tables"]:
        for read in reader["reads"]:
            edges.setdefault(read, []).append(reader["name"])
    for exposure in plan["exposures"]:
        for read in exposure["reads"]:
            edges.setdefault(read, []).append(f"{exposure['kind']}.{exposure['name']}")
    paths, via = {table: 1}, {table: [table]}
    # The plan's tables stand in the order of their levels, and consumers end the lineage: one pass meets each after all it reads.
    for name in [each["name"] for each in plan["tables"]]:
        for reader in edges.get(name, []) if name in paths else []:
            paths[reader] = paths.get(reader, 0) + paths[name]
            if len(via[name]) + 1 > len(via.get(reader, [])):
                via[reader] = [*via[name], reader]
    return [{"name": name, "paths": str(paths[name]), "via": via[name]} for name in sorted(paths) if name != table]
