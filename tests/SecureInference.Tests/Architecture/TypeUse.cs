using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;

namespace SecureInference.Tests.Architecture;

/// <summary>Finds every type that a type uses, in its shape and in the bodies of its methods.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Tests are not trimmed.")]
internal static class TypeUse
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!).ToDictionary(static code => code.Value);

    /// <summary>Returns the outermost types that a type, or one nested in it, uses.</summary>
    public static IReadOnlySet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        AddAll(found, type.GetInterfaces());
        AddAll(found, type.GetGenericArguments().SelectMany(static argument => argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : []));
        AddAll(found, type.GetCustomAttributesData().Select(static attribute => attribute.AttributeType));
        AddAll(found, type.GetFields(All).Select(static field => field.FieldType));
        AddAll(found, type.GetProperties(All).Select(static property => property.PropertyType));
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            AddMethod(found, method);
        }

        foreach (var nested in type.GetNestedTypes(All))
        {
            found.UnionWith(Of(nested));
        }

        return found.Select(Outermost).ToHashSet();
    }

    public static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } declaring)
        {
            type = declaring;
        }

        return type;
    }

    private static void AddMethod(HashSet<Type> found, MethodBase method)
    {
        AddAll(found, method.GetParameters().Select(static parameter => parameter.ParameterType));
        Add(found, (method as MethodInfo)?.ReturnType);
        if (method.GetMethodBody() is { } body)
        {
            AddAll(found, body.LocalVariables.Select(static local => local.LocalType));
            AddAll(found, body.ExceptionHandlingClauses.Select(static clause => clause.Flags == ExceptionHandlingClauseOptions.Clause ? clause.CatchType : null));
            AddCode(found, method, body.GetILAsByteArray() ?? []);
        }
    }

    private static void AddCode(HashSet<Type> found, MethodBase method, byte[] code)
    {
        for (var position = 0; position < code.Length;)
        {
            var value = (short)code[position++];
            if (value == 0xFE)
            {
                value = (short)((0xFE << 8) | code[position++]);
            }

            var operand = OpCodes[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                AddMember(found, Resolve(method, BitConverter.ToInt32(code, position)));
            }

            position += operand == OperandType.InlineSwitch ? 4 + (4 * BitConverter.ToInt32(code, position)) : SizeOf(operand);
        }
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private static MemberInfo? Resolve(MethodBase method, int token) => method.Module.ResolveMember(
        token,
        method.DeclaringType?.GetGenericArguments(),
        method.IsGenericMethod ? method.GetGenericArguments() : null);

    private static void AddMember(HashSet<Type> found, MemberInfo? member)
    {
        Add(found, member as Type ?? member?.DeclaringType);
        if (member is FieldInfo field)
        {
            Add(found, field.FieldType);
        }

        if (member is MethodBase method)
        {
            AddAll(found, method.GetParameters().Select(static parameter => parameter.ParameterType));
            AddAll(found, method.IsGenericMethod ? method.GetGenericArguments() : []);
            Add(found, (method as MethodInfo)?.ReturnType);
        }
    }

    private static void AddAll(HashSet<Type> found, IEnumerable<Type?> types)
    {
        foreach (var type in types)
        {
            Add(found, type);
        }
    }

    private static void Add(HashSet<Type> found, Type? type)
    {
        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        if (type.HasElementType)
        {
            Add(found, type.GetElementType());
            return;
        }

        found.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
        AddAll(found, type.GenericTypeArguments);
    }
}
